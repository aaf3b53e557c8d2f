import type { DescribedEnvironment } from "../environment";
import {
  alike,
  GLOBAL_DATASTORE_NODE_TYPES,
  mayExist,
  OFFERED_TYPES,
  OFFERED_VERSIONS,
  OFFERS_SOURCE,
  ZONE_LETTERS,
} from "../offers/offers";
import { type Rule, when } from "./rule";

const TABLE = "or bring environments/offers up to date";

export const regionsAndZonesExist: Rule = ({ regions }) =>
  regions.flatMap(({ name, zones }, index) => {
    const letters = ZONE_LETTERS[name];
    if (letters === undefined) {
      return when(true, () => ({
        code: "HFT-OFF-001",
        field: `regions[${index}].name`,
        fault: `AWS has no region ${name} (${OFFERS_SOURCE})`,
        remedy: `choose one of ${alike(name, Object.keys(ZONE_LETTERS)).join(", ")}, ${TABLE}`,
      }));
    }
    return zones
      .filter((zone) => !letters.includes(zone))
      .map((zone) => ({
        code: "HFT-OFF-002",
        field: `regions[${index}].zones`,
        fault: `${name} has no zone "${zone}" (${OFFERS_SOURCE})`,
        remedy: `choose from ${[...letters].map((letter) => `"${letter}"`).join(", ")}`,
      }));
  });

/** Machines of managed services, by the field that names them. */
const TYPES: readonly {
  field: string;
  given: (environment: DescribedEnvironment) => string;
  known: readonly string[];
}[] = [
  {
    field: "database.instanceClass",
    given: ({ database }) => database.instanceClass,
    known: OFFERED_TYPES.databaseClasses,
  },
  { field: "cache.nodeType", given: ({ cache }) => cache.nodeType, known: OFFERED_TYPES.nodeTypes },
  {
    field: "streaming.instanceType",
    given: ({ streaming }) => streaming.instanceType,
    known: OFFERED_TYPES.brokerTypes,
  },
];

export const serviceTypesExist: Rule = (environment) =>
  TYPES.flatMap(({ field, given, known }) => {
    const value = given(environment);
    return when(!known.includes(value), () => ({
      code: "HFT-OFF-003",
      field,
      fault: `there is no ${value} (${OFFERS_SOURCE})`,
      remedy: `choose one such as ${alike(value, known).join(", ")}, ${TABLE}`,
    }));
  });

const VERSIONS: readonly {
  field: string;
  given: (environment: DescribedEnvironment) => string;
  known: readonly string[];
}[] = [
  {
    field: "database.engineVersion",
    given: ({ database }) => database.engineVersion,
    known: OFFERED_VERSIONS.postgresql,
  },
  { field: "cache.engineVersion", given: ({ cache }) => cache.engineVersion, known: OFFERED_VERSIONS.valkey },
  { field: "streaming.kafkaVersion", given: ({ streaming }) => streaming.kafkaVersion, known: OFFERED_VERSIONS.kafka },
];

export const serviceVersionsExist: Rule = (environment) =>
  VERSIONS.flatMap(({ field, given, known }) => {
    const value = given(environment);
    return when(!mayExist(value, known), () => ({
      code: "HFT-OFF-004",
      field,
      fault: `AWS does not offer version ${value} (${OFFERS_SOURCE})`,
      remedy: `choose one such as ${known.slice(-6).join(", ")}, ${TABLE}`,
    }));
  });

export const globalDatastoreHasItsNodes: Rule = ({ cache }) =>
  when(
    cache.globalDatastore &&
      OFFERED_TYPES.nodeTypes.includes(cache.nodeType) &&
      !GLOBAL_DATASTORE_NODE_TYPES.includes(cache.nodeType),
    () => ({
      code: "HFT-OFF-005",
      field: "cache.nodeType",
      fault: `${cache.nodeType} in a global datastore, which ElastiCache supports only from size large, and not for every family`,
      remedy: `choose one such as ${GLOBAL_DATASTORE_NODE_TYPES.filter((type) => type.startsWith("cache.r7g")).join(", ")}, or write globalDatastore: false`,
    }),
  );
