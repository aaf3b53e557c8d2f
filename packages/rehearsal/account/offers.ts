/**
 * What AWS offers, as far as the simulated account is asked about it: versions and their status, read November 2026.
 * The account of a real deploy answers for itself; this table only has to be like one.
 * Source: cfn-lint 1.58.0, schema extensions of RDS and ElastiCache. No source was read for those of Kubernetes and
 * Kafka.
 */
export const OFFERED_VERSIONS = {
  kubernetes: {
    "1.33": "EXTENDED_SUPPORT",
    "1.34": "STANDARD_SUPPORT",
    "1.35": "STANDARD_SUPPORT",
    "1.36": "STANDARD_SUPPORT",
  },
  postgresql: Object.fromEntries(
    [
      ...["16.9", "16.10", "16.11", "16.12", "16.13", "16.14", "16.15"],
      ...["17.5", "17.6", "17.7", "17.8", "17.9", "17.10", "17.11"],
    ].map((version) => [version, "available"]),
  ),
  kafka: { "3.8.x": "ACTIVE", "3.9.x": "ACTIVE", "4.0.x": "ACTIVE" },
  valkey: { "7.2": "available", "8.0": "available", "8.1": "available", "8.2": "available" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** AWS's default quotas where they differ from "plenty"; raised ones stand in `account.json`. */
export const QUOTA_DEFAULT = 1_000;

/** vCPUs by the size in an instance type's name. Source: EC2 "Instance type specifications". */
const VCPUS: Readonly<Record<string, number>> = { medium: 2, large: 2, xlarge: 4 };

/** `c7i.4xlarge` has 16. */
export function vcpusOfType(instanceType: string): number {
  const size = instanceType.split(".")[1] ?? "";
  const multiple = /^(?:metal-)?(\d+)xl(?:arge)?$/.exec(size)?.[1];
  return multiple ? 4 * Number(multiple) : (VCPUS[size] ?? 2);
}
