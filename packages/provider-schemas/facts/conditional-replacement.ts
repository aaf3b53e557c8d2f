/** Replacement that the provider decides at plan time, from the attribute's value before and after. */
export interface ConditionalReplacement {
  readonly attribute: string;
  readonly when: "lowered" | "removed" | "added or removed";
  readonly reason: string;
}

/** Source: the `CustomizeDiff` functions of the AWS provider (5.46 and 6.x). */
export const CONDITIONAL_REPLACEMENTS: Readonly<Record<string, readonly ConditionalReplacement[]>> = {
  aws_eks_cluster: [
    { attribute: "encryption_config", when: "removed", reason: "envelope encryption cannot be switched off" },
  ],
  aws_elasticache_replication_group: [
    { attribute: "engine_version", when: "lowered", reason: "the engine cannot be downgraded" },
  ],
  aws_msk_cluster: [
    { attribute: "kafka_version", when: "lowered", reason: "the brokers cannot be downgraded" },
    { attribute: "broker_node_group_info", when: "added or removed", reason: "the brokers live in these subnets" },
    { attribute: "encryption_info", when: "added or removed", reason: "encryption is fixed at creation" },
  ],
  aws_msk_replicator: [
    { attribute: "kafka_cluster", when: "added or removed", reason: "the pair of clusters is fixed at creation" },
  ],
};

/** Whether a change from `before` to `after` (both known, null = absent) meets the condition. */
export function meetsCondition(condition: ConditionalReplacement, before: unknown, after: unknown): boolean {
  switch (condition.when) {
    case "removed":
      return !isAbsent(before) && isAbsent(after);
    case "added or removed":
      return isAbsent(before) !== isAbsent(after);
    case "lowered":
      return !isAbsent(before) && !isAbsent(after) && compareVersions(String(before), String(after)) > 0;
  }
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Compares dotted versions by number, so that 3.10 is above 3.9; letters (`3.8.x`) count as zero. */
export function compareVersions(left: string, right: string): number {
  const leftParts = left.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const rightParts = right.split(".").map((part) => Number.parseInt(part, 10) || 0);
  for (let index = 0; index < Math.max(leftParts.length, rightParts.length); index++) {
    const difference = (leftParts[index] ?? 0) - (rightParts[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
