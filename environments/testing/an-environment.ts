import { development } from "../development";
import type { EnvironmentInput } from "../environment";
import { hybrid } from "../hybrid";
import { production } from "../production";

type Draft = { -readonly [K in keyof EnvironmentInput]: EnvironmentInput[K] } & Record<string, unknown>;

/**
 * Test data: an environment that is right, changed in one respect.
 * `anEnvironment("production", (draft) => { draft.database.multiAz = false; })`
 */
export function anEnvironment(
  like: "development" | "production" | "hybrid",
  change: (draft: Draft) => void = () => {},
): EnvironmentInput {
  const draft = structuredClone({ development, production, hybrid }[like]) as Draft;
  change(draft);
  return draft;
}
