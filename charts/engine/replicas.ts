import type { Environment } from "../../environments";

/** An active engine and the one that stands by. */
const ENGINES_MAX = 2;

/**
 * Engines of a region: one a node, because a node's fault must cost one engine only. An engine has exactly one peer,
 * and an order is durable when it is on both disks: with two regions the peer is in the other one, so that losing a
 * region loses nothing; with one region it is on another node.
 */
export function enginesOf(environment: Environment): number {
  return environment.standby ? 1 : Math.min(environment.nodePools.lowLatency.nodes, ENGINES_MAX);
}
