/** Fields that a deployed configuration file leaves open: addresses that are known only when the pod starts. */
interface OpenFields {
  readonly database?: object;
  readonly cache?: object;
  readonly kafka?: object;
}

/** The file with stand-ins for those addresses, so that the engine's own schema accepts it. */
export function withStandIns(file: OpenFields): OpenFields {
  return {
    ...file,
    database: { ...file.database, endpoint: "database.example.com:5432" },
    cache: { ...file.cache, endpoint: "cache.example.com:6379" },
    kafka: { ...file.kafka, brokers: ["kafka.example.com:9098"] },
  };
}
