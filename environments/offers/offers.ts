import data from "./offers.json";

/**
 * What AWS has anywhere, by a dated table (`offers.json`, made by `read-cfn-lint.py`). It tells a slip of the pen from
 * a value; whether a region and an account offer it today is what `npm run preflight` asks AWS.
 */

/** Where the table is from, for messages. */
export const OFFERS_SOURCE = `${data.source}, ${data.date}`;

const words = (text: string) => text.split(" ");
const types = (families: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(families).flatMap(([family, sizes]) => words(sizes).map((size) => `${family}.${size}`));

/** Letters of the zones that a region has; which of them an account sees differs. */
export const ZONE_LETTERS: Readonly<Record<string, string>> = data.zones;

/** Amazon MSK Developer Guide, "Amazon MSK broker sizes" (standard brokers), as of 2026-11. */
const BROKER_TYPES = types({
  "kafka.t3": "small",
  "kafka.m5": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
  "kafka.m7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
});

/**
 * Amazon MSK Developer Guide, "Supported Apache Kafka versions": those without an end of support that has passed in
 * 2026-11.
 */
const KAFKA_VERSIONS = ["3.7.x", "3.8.x", "3.9.x", "4.0.x"];

/**
 * Families that may stand in a global datastore, from size large on.
 * Source: Amazon ElastiCache User Guide, "Global datastores: prerequisites and limitations".
 */
const GLOBAL_DATASTORE_FAMILIES = ["m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "c7gn"];

const DATABASE_CLASSES = types(data.postgresql.classes);
const NODE_TYPES = types(data.valkey.nodeTypes);
export const GLOBAL_DATASTORE_NODE_TYPES = NODE_TYPES.filter((type) => {
  const [, family = "", size = ""] = type.split(".");
  return GLOBAL_DATASTORE_FAMILIES.includes(family) && size.endsWith("large");
});
export const OFFERED_TYPES = { databaseClasses: DATABASE_CLASSES, nodeTypes: NODE_TYPES, brokerTypes: BROKER_TYPES };
export const OFFERED_VERSIONS = {
  postgresql: words(data.postgresql.versions),
  valkey: words(data.valkey.versions),
  kafka: KAFKA_VERSIONS,
};

/**
 * Whether a version is in a table, or newer than all that the table has of its major version: minor versions come every
 * few weeks.
 */
export function mayExist(version: string, known: readonly string[]): boolean {
  if (known.includes(version)) return true;
  const [major, minor] = numbers(version);
  const minors = known.map(numbers).flatMap(([of, each]) => (of === major ? [each!] : []));
  return minors.length > 0 && minor! > Math.max(...minors);
}

const numbers = (version: string): number[] => version.split(".").map(Number);

/** The values of a table that look most like a given one: those of its family, or of its kind. */
export function alike(value: string, known: readonly string[]): readonly string[] {
  for (let length = value.length - 1; length > 0; length -= 1) {
    const same = known.filter((each) => each.startsWith(value.slice(0, length)));
    if (same.length > 0) return same.slice(0, 12);
  }
  return known.slice(0, 12);
}
