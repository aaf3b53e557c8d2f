import type { Environment } from "../environment";
import type { Problem } from "../problem";

/** Checks one thing about an environment whose fields are already well-formed. */
export type Rule = (environment: Environment) => Problem[];

/** A rule's finding, or nothing: keeps the rules themselves free of bookkeeping. */
export function when(condition: boolean, problem: () => Problem): Problem[] {
  return condition ? [problem()] : [];
}
