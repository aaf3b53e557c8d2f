/**
 * Prefix that ElastiCache puts before the id of a global datastore, by the region that founds it.
 * Source: ElastiCache User Guide, "Using global datastores (CLI)".
 */
const PREFIXES: Readonly<Record<string, string>> = {
  "ap-east-1": "knjmp",
  "ap-northeast-1": "quwsw",
  "ap-northeast-2": "lfqnh",
  "ap-northeast-3": "nlapn",
  "ap-south-1": "erpgt",
  "ap-southeast-1": "vlqxn",
  "ap-southeast-2": "vbgxd",
  "ca-central-1": "bxodz",
  "eu-central-1": "iudkw",
  "eu-west-1": "gxeiz",
  "eu-west-2": "okuqm",
  "eu-west-3": "fgjhi",
  "sa-east-1": "juxlw",
  "us-east-1": "ldgnf",
  "us-east-2": "fpkhr",
  "us-west-1": "virxk",
  "us-west-2": "sgaui",
};

/** Id of a global datastore, known without reading the region that founded it. */
export function globalDatastoreId(homeRegion: string, suffix: string): string {
  const prefix = PREFIXES[homeRegion];
  if (prefix) return `${prefix}-${suffix}`;
  throw new Error(
    `ElastiCache has no global datastore in ${homeRegion}; choose one of ${Object.keys(PREFIXES).join(", ")}`,
  );
}
