/**
 * Environment variables that may replace addresses of the configuration file: the keys of the ConfigMap
 * `platform-endpoints`, which whoever created the managed services writes. Nothing else comes from the environment.
 */
export const ENDPOINT_VARIABLES = {
  databaseEndpoint: "DATABASE_ENDPOINT",
  databaseName: "DATABASE_NAME",
  cacheEndpoint: "CACHE_ENDPOINT",
  kafkaBrokers: "KAFKA_BROKERS",
  region: "REGION",
  /** `active` or `standby`: the region's role; an engine of a standby region never starts active. */
  regionRole: "REGION_ROLE",
} as const;

/** Where the configuration file is. Without it the engine starts with its defaults. */
export const CONFIGURATION_FILE_VARIABLE = "ENGINE_CONFIG";
/** The pod's place in its StatefulSet (label `apps.kubernetes.io/pod-index`). */
export const ORDINAL_VARIABLE = "ENGINE_ORDINAL";

type Json = Record<string, unknown>;

const asObject = (value: unknown): Json => (typeof value === "object" && value !== null ? { ...(value as Json) } : {});

/** Lays the platform's addresses over what the file says. The result still has to be checked by the schema. */
export function withPlatformEndpoints(file: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof file !== "object" || file === null || Array.isArray(file)) return file;
  const result = asObject(file);
  const override = (group: string, field: string, value: unknown) => {
    result[group] = { ...asObject(result[group]), [field]: value };
  };
  const given = (name: keyof typeof ENDPOINT_VARIABLES) => environment[ENDPOINT_VARIABLES[name]]?.trim() || undefined;

  const databaseEndpoint = given("databaseEndpoint");
  if (databaseEndpoint) override("database", "endpoint", databaseEndpoint);
  const databaseName = given("databaseName");
  if (databaseName) override("database", "name", databaseName);
  const cacheEndpoint = given("cacheEndpoint");
  if (cacheEndpoint) override("cache", "endpoint", cacheEndpoint);
  const brokers = given("kafkaBrokers");
  if (brokers)
    override(
      "kafka",
      "brokers",
      brokers.split(",").map((broker) => broker.trim()),
    );
  const region = given("region");
  if (region) result.region = region;
  if (given("regionRole") === "standby") result.role = "standby";
  return result;
}
