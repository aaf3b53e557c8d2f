import { setTimeout as pause } from "node:timers/promises";
import type { EngineFleet } from "../rehearsed/engine-fleet";
import type { Step } from "../scenarios/scenario";

const ATTACHED_MS = 60_000;
const LOOK_MS = 100;

/**
 * What a person does when a series has stopped at a step, before it goes on, as the step's instruction says. A former
 * active engine that ended before its standby had everything (its disk was full when it was told to end) is started
 * again, until the standby has what it lacks; every other step only has to be tried once more.
 * @returns what was done, for the series' output
 */
export async function obeyInstruction(
  { actions }: Step,
  fleet: Pick<EngineFleet, "facts" | "deployed">,
): Promise<string | undefined> {
  const follows = actions.find((action) => action.kind === "await" && action.condition.name === "journal-follows");
  if (follows?.kind !== "await" || follows.condition.name !== "journal-follows") return undefined;
  const { from } = follows.condition;
  if ((await fleet.facts(from)).role !== "silent") return undefined;
  await fleet.deployed(from);
  const deadline = Date.now() + ATTACHED_MS;
  while ((await fleet.facts(from)).standby !== "attached" && Date.now() < deadline) await pause(LOOK_MS);
  return `the engine of ${from} was deployed again`;
}
