import { isList, isObject, Settled, Unknown, type Value } from "../language";
import type { ResourceVerdict } from "../plan";
import { actionOf, changedArguments, type RealChange, type RealPlan } from "./real-plan";

/** Where a real plan is not what was reviewed; empty when it is. No value of the cloud is ever in these texts. */
export function differences(reviewed: readonly ResourceVerdict[], real: RealPlan): string[] {
  const expected = new Map(reviewed.map((verdict) => [verdict.address, verdict]));
  const changes = (real.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  const found = new Map(changes.map((change) => [change.address, change]));
  const missing = reviewed.filter((verdict) => reviewedAction(verdict) !== undefined && !found.has(verdict.address));
  return [
    ...changes.flatMap((change) => compare(expected.get(change.address), change)),
    ...missing
      .filter(mustHappen)
      .map(
        (verdict) =>
          `${verdict.address}: the review expected ${reviewedAction(verdict)}, but terraform has nothing to do`,
      ),
  ];
}

function reviewedAction({ action, movedFrom }: ResourceVerdict): string | undefined {
  if (action === "read") return undefined;
  if (action === "no-op") return movedFrom === undefined ? undefined : "move";
  return action === "import" ? "create" : action;
}

/** An update whose new values were not known in the review may turn out to change nothing. */
function mustHappen(verdict: ResourceVerdict): boolean {
  return (
    verdict.action !== "update" ||
    verdict.changes.some(({ after }) => !(after instanceof Unknown || after instanceof Settled))
  );
}

function compare(verdict: ResourceVerdict | undefined, change: RealChange): string[] {
  const { address } = change;
  const real = actionOf(change);
  const reviewed = verdict && reviewedAction(verdict);
  if (real === undefined) {
    return verdict && reviewed !== undefined && mustHappen(verdict)
      ? [`${address}: the review expected ${reviewed}, but terraform has nothing to do`]
      : [];
  }
  if (real !== reviewed)
    return [
      `${address}: terraform wants to ${real}${listed(change)}, but the review expected ${reviewed ?? "no change"}`,
    ];
  if ((change.previous_address ?? undefined) !== verdict!.movedFrom)
    return [
      `${address}: terraform moves it from ${change.previous_address ?? "nowhere"}, but the review expected ${verdict!.movedFrom ?? "nowhere"}`,
    ];
  if (real === "delete" || real === "forget" || real === "move") return [];
  return [...unreviewedArguments(verdict!, change), ...otherValues(verdict!, change)];
}

function listed(change: RealChange): string {
  const names = change.change.actions.join() === "update" ? changedArguments(change) : [];
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}

/** A configured argument that Terraform changes and the review did not see change: the cloud has drifted. */
function unreviewedArguments(verdict: ResourceVerdict, change: RealChange): string[] {
  if (verdict.action !== "update") return [];
  const seen = new Set(verdict.changes.map(({ path }) => /^[^.[]+/.exec(path)![0]));
  return changedArguments(change)
    .filter((name) => name in verdict.config.body && !seen.has(name))
    .map((name) => `${verdict.address}: terraform also changes ${name}, which was not reviewed`);
}

function otherValues(verdict: ResourceVerdict, change: RealChange): string[] {
  const after = change.change.after ?? {};
  return Object.keys(verdict.config.body)
    .filter((name) => !matches(verdict.after?.[name] ?? null, after[name] ?? null))
    .map((name) => `${verdict.address}: ${name} differs from the review`);
}

/**
 * Whether the real value has everything that the reviewed one says. What the review could not know is open, and the
 * provider may add defaults.
 */
function matches(reviewed: Value, real: unknown): boolean {
  if (reviewed === null || reviewed instanceof Unknown || reviewed instanceof Settled) return true;
  if (isList(reviewed)) return Array.isArray(real) && real.length === reviewed.length && matchesAll(reviewed, real);
  if (isObject(reviewed)) {
    if (typeof real !== "object" || real === null) return Object.values(reviewed).every((item) => item === null);
    return Object.entries(reviewed).every(([name, item]) =>
      matches(item, (real as Record<string, unknown>)[name] ?? null),
    );
  }
  return sameText(String(reviewed), real);
}

/** Sets have no order: each reviewed element needs one of its own. */
function matchesAll(reviewed: readonly Value[], real: readonly unknown[]): boolean {
  const free = [...real];
  return reviewed.every((item) => {
    const at = free.findIndex((candidate) => matches(item, candidate));
    if (at < 0) return false;
    free.splice(at, 1);
    return true;
  });
}

function sameText(reviewed: string, real: unknown): boolean {
  if (real === null || real === undefined) return reviewed === "" || reviewed === "false";
  if (reviewed === String(real)) return true;
  return /^[[{]/.test(reviewed) && sameJson(reviewed, String(real));
}

/** Providers write JSON in their own way. */
function sameJson(left: string, right: string): boolean {
  try {
    const [one, other] = [JSON.parse(left) as Value, JSON.parse(right) as Value];
    return matches(one, other) && matches(other, one);
  } catch {
    return false;
  }
}
