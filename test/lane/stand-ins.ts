/** A deployed configuration file gets its addresses when the pod starts; these stand in for them. */
export function withStandIns<File extends { database?: object; cache?: object; kafka?: object }>(file: File): File {
  return {
    ...file,
    database: { ...file.database, endpoint: "database.example.com:5432" },
    cache: { ...file.cache, endpoint: "cache.example.com:6379" },
    kafka: { ...file.kafka, brokers: ["kafka.example.com:9098"] },
  };
}
