import { type Environment, type Region, standbyRegion } from "../../environments";

/** An active engine and the one that stands by. */
const ENGINES_MAX = 2;

/**
 * The engine of the other region that this region's engine is replicated with. An engine has exactly one peer, and an order is
 * durable when it is on both disks: with two regions the peer is in the other one, so that losing a region loses nothing; with
 * one region it is on another node.
 */
export function peerRegion(environment: Environment, region: Region): Region | undefined {
  return standbyRegion(environment) && environment.regions.find(({ name }) => name !== region.name);
}

/** Engines of a region: one a node, because a node's fault must cost one engine only. */
export function enginesOf(environment: Environment): number {
  return standbyRegion(environment) ? 1 : Math.min(environment.nodePools.lowLatency.nodes, ENGINES_MAX);
}
