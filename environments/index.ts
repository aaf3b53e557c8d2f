import { development } from "./development";
import type { EnvironmentInput } from "./environment";
import { hybrid } from "./hybrid";
import { production } from "./production";
import { staging } from "./staging";

export { type Environment, movedTo, type Region, type RegionRole } from "./derive";
export { type EnvironmentInput, isProtected } from "./environment";
export { findProblems, InvalidEnvironments, loadEnvironments } from "./load";
export { formatProblem } from "./problem";
export { nextInPromotion, PROMOTION_ORDER } from "./promotion";

/** The environments as their files describe them, not yet checked: `loadEnvironments` does that. */
export const environmentInputs: Readonly<Record<string, EnvironmentInput>> = {
  development,
  staging,
  production,
  hybrid,
};
