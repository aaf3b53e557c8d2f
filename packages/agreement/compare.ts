import type { ResourceChange } from "@hft/rehearsal";
import type { ResourceVerdict, StackPlan } from "@hft/review";

/** What is done to one resource, in one word for both sides. */
type Word = "no-op" | "create" | "update" | "replace" | "delete" | "read" | "forget" | "move" | "absent";

export interface ComparedResource {
  readonly address: string;
  readonly review: Word;
  readonly terraform: Word;
  /** Of a replacement that both expect: whether both say the same about what forces it, and about the order. */
  readonly sameReason?: boolean;
  readonly sameOrder?: boolean;
}

/** Holds the review's plan of a stack against the real one, resource by resource. */
export function comparePlans(plan: StackPlan, changes: readonly ResourceChange[]): ComparedResource[] {
  const ours = new Map(plan.verdicts.map((verdict) => [verdict.address, verdict]));
  const theirs = new Map(changes.map((change) => [change.address, change]));
  const addresses = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return addresses.map((address) => compareOne(address, ours.get(address), theirs.get(address)));
}

function compareOne(address: string, verdict?: ResourceVerdict, change?: ResourceChange): ComparedResource {
  const review = verdict ? wordOfVerdict(verdict) : "no-op";
  const terraform = change ? wordOfChange(change) : "no-op";
  if (review !== "replace" || terraform !== "replace") return { address, review, terraform };
  const paths = (change!.change.replace_paths ?? []).map(([name]) => String(name));
  const forced = verdict!.forcedBy.map(({ path }) => path.split(".")[0]!);
  const same = new Set(paths).size === new Set(forced).size && paths.every((name) => forced.includes(name));
  return {
    address,
    review,
    terraform,
    sameReason: same,
    sameOrder: verdict!.createBeforeDestroy === (change!.change.actions[0] === "create"),
  };
}

function wordOfVerdict({ action, movedFrom }: ResourceVerdict): Word {
  if (action === "no-op") return movedFrom === undefined ? "no-op" : "move";
  return action === "import" ? "create" : action;
}

function wordOfChange({ change, previous_address: previous }: ResourceChange): Word {
  const { actions } = change;
  if (actions.length === 2) return "replace";
  const [only] = actions;
  return only === "no-op" ? (previous === undefined ? "no-op" : "move") : (only as Word);
}

export function agrees({ review, terraform }: ComparedResource): boolean {
  return review === terraform;
}
