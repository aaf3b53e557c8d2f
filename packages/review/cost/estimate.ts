import type { AppliedTree, InstanceState, TreePlan } from "../plan";
import { PRICES_DATED, PRICES_SOURCE, regionFactor } from "./price-table";
import { isPriced, monthlyPrice } from "./resource-cost";

export interface CostReport {
  readonly currency: "USD";
  readonly pricesDated: string;
  readonly source: string;
  readonly before: number;
  readonly after: number;
  /** Stacks whose price moves. */
  readonly stacks: readonly { readonly stack: string; readonly before: number; readonly after: number }[];
  /** Resources whose price moves, the largest first. */
  readonly resources: readonly {
    readonly stack: string;
    readonly address: string;
    readonly before: number;
    readonly after: number;
  }[];
  /** Resources with a price that this table does not know. */
  readonly unpriced: readonly string[];
}

/** Moves below this are rounding. */
const CENT = 0.005;
const RESOURCES_SHOWN_MAX = 20;

/** The monthly estimate of both sides. */
export function costOf(plan: TreePlan): CostReport {
  const [before, after] = [pricesOf(plan.base), pricesOf(plan.head)];
  const keys = [...new Set([...before.prices.keys(), ...after.prices.keys()])];
  const resources = keys.map((key) => {
    const [stack, address] = key.split("\n") as [string, string];
    return { stack, address, before: before.prices.get(key) ?? 0, after: after.prices.get(key) ?? 0 };
  });
  const stacks = new Map<string, { stack: string; before: number; after: number }>();
  for (const each of resources) {
    const sum = stacks.get(each.stack) ?? { stack: each.stack, before: 0, after: 0 };
    stacks.set(each.stack, { stack: each.stack, before: sum.before + each.before, after: sum.after + each.after });
  }
  const moved = (each: { before: number; after: number }): boolean => Math.abs(each.after - each.before) > CENT;
  const total = (side: "before" | "after"): number => resources.reduce((sum, each) => sum + each[side], 0);
  return {
    currency: "USD",
    pricesDated: PRICES_DATED,
    source: PRICES_SOURCE,
    before: total("before"),
    after: total("after"),
    stacks: [...stacks.values()].filter(moved),
    resources: resources
      .filter(moved)
      .sort((left, right) => Math.abs(right.after - right.before) - Math.abs(left.after - left.before))
      .slice(0, RESOURCES_SHOWN_MAX),
    unpriced: [...new Set(after.unpriced)].filter((key) => !before.unpriced.includes(key)),
  };
}

function pricesOf(side: AppliedTree): { prices: Map<string, number>; unpriced: string[] } {
  const prices = new Map<string, number>();
  const unpriced: string[] = [];
  for (const [stack, { resources }] of side.states) {
    for (const instance of resources.values()) {
      if (!isPriced(instance.config.type)) continue;
      const price = priceOf(instance);
      if (price === undefined) unpriced.push(`${stack}: ${instance.address}`);
      else prices.set(`${stack}\n${instance.address}`, price);
    }
  }
  return { prices, unpriced };
}

function priceOf({ config, value }: InstanceState): number | undefined {
  const price = monthlyPrice(config.type, value);
  const region = typeof value.region === "string" ? value.region : "us-east-1";
  return price === undefined ? undefined : price * regionFactor(region);
}
