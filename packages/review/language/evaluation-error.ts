/** Terraform would refuse to evaluate this. */
export class EvaluationError extends Error {}
