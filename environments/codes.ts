/** Every mistake that can be found in an environment's file: what it means, and what to write instead. */
export const ENVIRONMENT_CODES = {
  "HFT-ENV-001": {
    means: "A setting has a value that its schema does not take.",
    instead: "One of the values that the message lists.",
  },
  "HFT-ENV-002": { means: "There is no such setting.", instead: "The setting that the message suggests, or nothing." },
  "HFT-ENV-003": { means: "A setting is missing.", instead: "The value that the message describes." },
  "HFT-REG-001": {
    means: "The number of regions does not fit the architecture.",
    instead: "Two regions for `multi-region`, one for the others.",
  },
  "HFT-REG-002": { means: "A region is described twice.", instead: "Two different regions." },
  "HFT-REG-003": {
    means: "`activeRegion` is none of the regions.",
    instead: "The name of a region that is described under `regions`.",
  },
  "HFT-REG-004": {
    means: "`database.generation` and `regions` name different regions.",
    instead: "One generation for each region; 1 for a database that was never rebuilt.",
  },
  "HFT-NET-001": {
    means: "The VPC's range is larger or smaller than AWS and the plan of subnets take.",
    instead: "A /16 to /20.",
  },
  "HFT-NET-002": {
    means: "Two ranges overlap: of regions, of the site on premises, or of the cluster's Services.",
    instead: "A range outside the one that the message names.",
  },
  "HFT-NET-003": {
    means: "There are fewer zones than the architecture needs.",
    instead: "Two zones for `single-az`, three for the others.",
  },
  "HFT-NET-004": { means: "The VPC's range is not private.", instead: "A range of RFC 1918, such as 10.20.0.0/16." },
  "HFT-NET-005": { means: "A zone is named twice.", instead: "Each zone once." },
  "HFT-NET-006": {
    means: "A site on premises is described, and no way to reach it.",
    instead: "`vpn`, `directConnect` or both.",
  },
  "HFT-NET-007": {
    means: "The range of the cluster's Services is not private.",
    instead: "A range of RFC 1918, such as 172.20.0.0/16.",
  },
  "HFT-NET-008": {
    means: "The range of the cluster's Services has a size that EKS does not take.",
    instead: "A /12 to /24.",
  },
  "HFT-OFF-001": { means: "AWS has no such region.", instead: "One of the regions that the message lists." },
  "HFT-OFF-002": { means: "The region has no such zone.", instead: "One of its letters, which the message lists." },
  "HFT-OFF-003": {
    means: "A managed service has no such machine.",
    instead: "A type that the message lists, or a newer table in `environments/offers`.",
  },
  "HFT-OFF-004": {
    means: "A managed service does not offer this version.",
    instead: "A version that the message lists, or a newer table in `environments/offers`.",
  },
  "HFT-OFF-005": {
    means: "ElastiCache has no global datastore on nodes of this type.",
    instead: "A larger node, or `globalDatastore: false`.",
  },
  "HFT-EKS-001": {
    means: "EKS does not give this version of Kubernetes its standard support.",
    instead: "A version that the message lists.",
  },
  "HFT-SIZ-001": { means: "A minimum is above its maximum.", instead: "A minimum that is not larger." },
  "HFT-FRO-001": {
    means: "Of a frontend there are replicas without an image, or an image without replicas.",
    instead: "Both, or neither: then the gateway shows the engine's trading screen.",
  },
  "HFT-FRO-002": {
    means: "Nothing says what a pod of the frontend asks.",
    instead: "`frontendPod` with requests and limits.",
  },
  "HFT-POOL-001": {
    means: "Nobody knows how large this instance type is, so capacity and cost cannot be computed.",
    instead: "A type of the catalogue, or a new entry in it with its source.",
  },
  "HFT-POOL-002": {
    means: "Types of one pool differ in CPUs or architecture, and the autoscaler counts with the first.",
    instead: "Types that are alike.",
  },
  "HFT-STR-001": {
    means: "The number of brokers is no multiple of the zones.",
    instead: "A multiple, so that each zone has as many.",
  },
  "HFT-STR-002": {
    means: "There are fewer brokers than copies of a partition.",
    instead: "More brokers, or a smaller `replicationFactor`.",
  },
  "HFT-STR-003": {
    means: "As many copies must be in sync as there are, so that one broker's restart stops all writes.",
    instead: "`minInSyncReplicas` below `replicationFactor`.",
  },
  "HFT-STR-004": { means: "A topic is named twice.", instead: "Each topic once." },
  "HFT-ENG-001": { means: "A symbol is named twice.", instead: "Each symbol once." },
  "HFT-EDG-001": {
    means: "The host name does not lie in its Cloudflare zone.",
    instead: "A name that ends with the zone's.",
  },
  "HFT-CAN-001": {
    means: "Production does not say what the canary account trades, and its orders would move other people's market.",
    instead: "A symbol that nobody else trades.",
  },
  "HFT-CAN-002": { means: "The canary's symbol is not traded.", instead: "One of `engine.symbols`." },
  "HFT-CAN-003": {
    means: "The canary's quantity is no whole number of lots, or more than one order may have.",
    instead: "The symbol's lot size.",
  },
  "HFT-PRD-001": {
    means: "A setting is fine elsewhere and not safe in production.",
    instead: "What the message demands, with its reason.",
  },
  "HFT-REC-001": {
    means: "Less loss of data is promised than the architecture and its backups can keep.",
    instead: "An `rpoSeconds` that can be kept, or `multi-region`.",
  },
  "HFT-REC-002": {
    means: "A replica needs backups of its source, and there are none.",
    instead: "`backupRetentionDays` of 1 or more.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type EnvironmentCode = keyof typeof ENVIRONMENT_CODES;
