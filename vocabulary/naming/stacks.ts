/** Layers of one region, in the order in which they are deployed. */
export const REGIONAL_LAYERS = ["network", "cluster", "data", "addons", "workloads"] as const;

/** Layers of an environment that belong to no region alone. */
const COMMON_LAYERS = ["state", "global", "replication", "edge"] as const;

export type Layer = (typeof REGIONAL_LAYERS)[number] | (typeof COMMON_LAYERS)[number];

/** Name of a stack, and of its state without the ending: `production-eu-west-1-data`, `production-edge`. */
export function stackId(environment: { readonly name: string }, layer: Layer, region?: string): string {
  return [environment.name, region, layer].filter(Boolean).join("-");
}
