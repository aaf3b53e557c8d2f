import type { DescribedEnvironment } from "../environment";
import type { Problem } from "../problem";

/** Checks one thing about an environment whose fields are already well-formed. */
export type Rule = (environment: DescribedEnvironment) => Problem[];

/** A rule's finding, or nothing: keeps the rules themselves free of bookkeeping. */
export function when(condition: boolean, problem: () => Problem): Problem[] {
  return condition ? [problem()] : [];
}
