import { ACCESS_RULES } from "./access-rules";
import { CLUSTER_ACCESS_RULES } from "./cluster-access-rules";
import { CONTRACT_RULES } from "./contract-rules";
import { KUBERNETES_RULES } from "./kubernetes-rules";
import { NETWORK_RULES } from "./network-rules";
import { PROTECTION_RULES } from "./protection-rules";
import type { Rule } from "./rule";
import { STATE_RULES } from "./state-rules";

export { type Finding, findingsOf } from "./findings";
export { type ChangedResource, type Changes, SEVERITIES, type Severity } from "./rule";

/** Every guardrail, in the order of the documentation. */
export const RULES: readonly Rule[] = [
  ...STATE_RULES,
  ...PROTECTION_RULES,
  ...NETWORK_RULES,
  ...ACCESS_RULES,
  ...CONTRACT_RULES,
  ...KUBERNETES_RULES,
  ...CLUSTER_ACCESS_RULES,
];
