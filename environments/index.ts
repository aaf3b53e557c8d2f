import { development } from "./development";
import type { EnvironmentInput } from "./environment";
import { hybrid } from "./hybrid";
import { production } from "./production";
import { staging } from "./staging";

export { type Environment, type EnvironmentInput, isProtected, type Region, standbyRegion } from "./environment";
export { findProblems, InvalidEnvironments, loadEnvironments } from "./load";
export { formatProblem, type Problem } from "./problem";
export { nextInPromotion, PROMOTION_ORDER } from "./promotion";
export { achievableRpoSeconds } from "./rules/recovery";

/** The environments as their files describe them, not yet checked: `loadEnvironments` does that. */
export const environmentInputs: Readonly<Record<string, EnvironmentInput>> = {
  development,
  staging,
  production,
  hybrid,
};
