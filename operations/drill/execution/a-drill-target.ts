import type { Condition } from "../scenarios/action";
import type { DrillTarget } from "./drill-target";

/**
 * Test data: a target in which every call succeeds at once, and which remembers the calls. Single calls are replaced.
 */
export function aDrillTarget(changes: Partial<DrillTarget> = {}): DrillTarget & { readonly calls: string[] } {
  const calls: string[] = [];
  const remember = <T>(call: string, result: T): T => {
    calls.push(call);
    return result;
  };
  return {
    calls,
    label: "simulated",
    measure: async ({ name }: Condition) => remember(`measure ${name}`, { holds: true, saw: "as expected" }),
    perform: async ({ name }) => remember(`perform ${name}`, {}),
    deploy: async ({ stacks }) => remember(`deploy ${stacks.join(" ")}`, stacks.map(unchangedStack)),
    plan: async (stacks) => remember(`plan ${stacks.join(" ")}`, stacks.map(unchangedStack)),
    confirm: async () => remember("confirm", { by: "a test" }),
    trade: async () => remember("trade", aTrade()),
    reconcile: async () => remember("reconcile", aReconciliation()),
    attemptSplitBrain: async (region) =>
      remember("attempt-split-brain", {
        region,
        attempted: 20,
        acknowledged: 0,
        answers: { fenced: 20 },
        roleBefore: "active",
        roleAfter: "fenced",
        epochOfIntruder: 1,
        epochOfSurvivor: 2,
      }),
    inflict: async ({ name }) => remember(`inflict ${name}`, {}),
    repair: async ({ name }) => remember(`repair ${name}`, {}),
    ...changes,
  };
}

export function unchangedStack(stack: string) {
  return {
    stack,
    create: 0,
    update: 0,
    replace: 0,
    destroy: 0,
    severe: [],
    durationMs: 1,
    stackSha256: "1".repeat(64),
    planSha256: "0".repeat(64),
  };
}

function aTrade() {
  return {
    region: "eu-central-1",
    epoch: 2,
    makerOrder: "1",
    takerOrder: "2",
    executed: true,
    durable: true,
    positionMatches: true,
    durationMs: 5,
  };
}

export function aReconciliation() {
  return {
    survivor: "eu-central-1",
    replicationMode: "synchronous",
    sent: 100,
    acknowledgedDurable: 90,
    lost: [] as string[],
    doubled: [] as string[],
    overlaps: [] as string[],
    rpoMs: 0,
    rpoByStore: { journal: 0 },
    positionsMatch: true,
    positionDifferences: [] as string[],
  };
}
