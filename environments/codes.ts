/** Every mistake that can be found in an environment's file: what it means, and what to write instead. */
export const ENVIRONMENT_CODES = {
  "HFT-ENV-001": {
    means: "A setting has a value that its schema does not accept.",
    instead: "One of the values that the message lists.",
  },
  "HFT-ENV-002": { means: "There is no such setting.", instead: "The setting that the message suggests, or nothing." },
  "HFT-ENV-003": { means: "A setting is missing.", instead: "The value that the message describes." },
  "HFT-REG-001": {
    means: "The number of regions does not match the architecture.",
    instead: "Two regions for `multi-region`, one for the others.",
  },
  "HFT-REG-002": { means: "A region is listed twice.", instead: "Two different regions." },
  "HFT-REG-003": {
    means: "`activeRegion` is not one of the regions.",
    instead: "The name of a region that is listed under `regions`.",
  },
  "HFT-REG-004": {
    means: "`database.generation` and `regions` name different regions.",
    instead: "One generation for each region; 1 for a database that has never been rebuilt.",
  },
  "HFT-NET-001": {
    means: "The VPC's address range is larger or smaller than AWS and the subnet plan allow.",
    instead: "A /16 to /20.",
  },
  "HFT-NET-002": {
    means: "Two address ranges overlap: those of regions, of the on-premises site, or of the cluster's Services.",
    instead: "A range outside the one that the message names.",
  },
  "HFT-NET-003": {
    means: "There are fewer zones than the architecture needs.",
    instead: "Two zones for `single-az`, three for the others.",
  },
  "HFT-NET-004": {
    means: "The VPC's address range is not private.",
    instead: "A range of RFC 1918, such as 10.20.0.0/16.",
  },
  "HFT-NET-005": { means: "A zone is named twice.", instead: "Each zone once." },
  "HFT-NET-006": {
    means: "An on-premises site is described without a way to reach it.",
    instead: "`vpn`, `directConnect` or both.",
  },
  "HFT-NET-007": {
    means: "The address range of the cluster's Services is not private.",
    instead: "A range of RFC 1918, such as 172.20.0.0/16.",
  },
  "HFT-NET-008": {
    means: "The address range of the cluster's Services has a size that EKS does not accept.",
    instead: "A /12 to /24.",
  },
  "HFT-OFF-001": { means: "AWS has no such region.", instead: "One of the regions that the message lists." },
  "HFT-OFF-002": {
    means: "The region has no such zone.",
    instead: "One of its zone letters, which the message lists.",
  },
  "HFT-OFF-003": {
    means: "A managed service has no such instance type.",
    instead: "A type that the message lists, or a newer table in `environments/offers`.",
  },
  "HFT-OFF-004": {
    means: "A managed service does not offer this version.",
    instead: "A version that the message lists, or a newer table in `environments/offers`.",
  },
  "HFT-OFF-005": {
    means: "ElastiCache does not support a global datastore on nodes of this type.",
    instead: "A larger node, or `globalDatastore: false`.",
  },
  "HFT-EKS-001": {
    means: "This version of Kubernetes is not in EKS standard support.",
    instead: "A version that the message lists.",
  },
  "HFT-SIZ-001": {
    means: "A minimum is above its maximum.",
    instead: "A minimum that is not larger than the maximum.",
  },
  "HFT-FRO-001": {
    means: "A frontend has replicas but no image, or an image but no replicas.",
    instead: "Both, or neither. Without a frontend the gateway serves the engine's trading screen.",
  },
  "HFT-FRO-002": {
    means: "The resource requests of the frontend's pods are missing.",
    instead: "`frontendPod` with requests and limits.",
  },
  "HFT-POOL-001": {
    means: "The size of this instance type is not known, so capacity and cost cannot be computed.",
    instead: "A type from the catalogue, or a new catalogue entry with its source.",
  },
  "HFT-POOL-002": {
    means:
      "The instance types of a pool differ in CPUs or architecture; the autoscaler assumes that they all match the first.",
    instead: "Types with the same number of CPUs and the same architecture.",
  },
  "HFT-STR-001": {
    means: "The number of brokers is not a multiple of the number of zones.",
    instead: "A multiple, so that every zone has the same number of brokers.",
  },
  "HFT-STR-002": {
    means: "There are fewer brokers than replicas of a partition.",
    instead: "More brokers, or a smaller `replicationFactor`.",
  },
  "HFT-STR-003": {
    means: "All replicas must be in sync, so the restart of one broker stops all writes.",
    instead: "`minInSyncReplicas` below `replicationFactor`.",
  },
  "HFT-STR-004": { means: "A topic is named twice.", instead: "Each topic once." },
  "HFT-ENG-001": { means: "A symbol is named twice.", instead: "Each symbol once." },
  "HFT-EDG-001": {
    means: "The host name is not in its Cloudflare zone.",
    instead: "A name that ends with the zone's.",
  },
  "HFT-CAN-001": {
    means: "Production does not name the canary account's symbol, so the canary's orders would affect a real market.",
    instead: "A symbol that nobody else trades.",
  },
  "HFT-CAN-002": { means: "The canary's symbol is not traded.", instead: "One of `engine.symbols`." },
  "HFT-CAN-003": {
    means: "The canary's quantity is not a whole number of lots, or exceeds the largest order.",
    instead: "The symbol's lot size.",
  },
  "HFT-PRD-001": {
    means: "A setting is acceptable elsewhere but not safe in production.",
    instead: "The value that the message asks for; it gives the reason.",
  },
  "HFT-REC-001": {
    means: "The promised recovery point is shorter than the architecture and its backups can guarantee.",
    instead: "An `rpoSeconds` that can be met, or `multi-region`.",
  },
  "HFT-REC-002": {
    means: "A replica needs backups of its source, but backups are off.",
    instead: "`backupRetentionDays` of 1 or more.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type EnvironmentCode = keyof typeof ENVIRONMENT_CODES;
