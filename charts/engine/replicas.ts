import type { Environment } from "../../environments";

/** An active engine and the one that stands by. */
const ENGINES_MAX = 2;

/** Engines of a region: one a node, because a node's fault must cost one engine only. */
export function enginesOf({ nodePools }: Environment): number {
  return Math.min(nodePools.lowLatency.nodes, ENGINES_MAX);
}
