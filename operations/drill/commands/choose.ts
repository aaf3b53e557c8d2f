import { type Environment, environmentInputs, loadEnvironments } from "../../../environments";
import { UsageError } from "../../usage-error";
import { SCENARIOS } from "../scenarios";
import type { Scenario, Situation } from "../scenarios/scenario";

export function chooseScenario(id: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.id === id);
  if (scenario) return scenario;
  throw new UsageError(`no scenario "${id}"; choose one of: ${SCENARIOS.map((each) => each.id).join(", ")}`);
}

export function chooseEnvironment(name: string): Environment {
  const input = environmentInputs[name];
  if (!input) {
    throw new UsageError(`no environment "${name}"; choose one of: ${Object.keys(environmentInputs).join(", ")}`);
  }
  return loadEnvironments({ [name]: input })[0]!;
}

/** Says why a scenario makes no sense there, before anything is started. */
export function assertMakesSense(scenario: Scenario, situation: Situation): void {
  const reason = scenario.refuses?.(situation);
  if (reason) throw new UsageError(reason);
}

/** Says what can be done instead, before anything is started. */
export function assertRehearsed({ id, notRehearsed }: Scenario, { environment }: Situation): void {
  if (!notRehearsed) return;
  throw new UsageError(
    `${id} cannot be rehearsed: ${notRehearsed}; add --live to run it on ${environment.name}, or follow docs/runbooks/${id}.md`,
  );
}

/** A series disturbs the engines of two regions. */
export function assertPlayedByRegions({ id, rehearsedWith }: Scenario): void {
  if (rehearsedWith !== "service") return;
  throw new UsageError(
    `${id} cannot be run as a series, because its rehearsal uses the service of a single region; run it on its own`,
  );
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`"${text}" is not a whole number`);
  return Number(text);
}
