/** Terraform would refuse the change to evaluate this. */
export class EvaluationError extends Error {}
