/**
 * Labels that tell sets of pods of one workload apart while a release is under way. A Service selects those that serve;
 * a canary serves beside the stable set, a green set only when the Service is pointed at it.
 */
export const TRACK = "hft.platform/track";
export const SERVING = "hft.platform/serving";

export const STABLE_TRACK = { [TRACK]: "stable", [SERVING]: "yes" } as const;
/** What a Service selects besides the workload, when no release is under way. */
export const SERVING_PODS = { [SERVING]: "yes" } as const;
