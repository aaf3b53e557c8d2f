/** What the client's own package says it runs on (`engines.node` of @platformatic/kafka). */
const NODE_LEAST: readonly [number, number] = [22, 22];

/**
 * On an older Node the client begins, and throws from its first call on, `close` included: it makes its promises with
 * `Promise.withResolvers`.
 */
export function assertKafkaRuns(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor, leastMinor] = NODE_LEAST;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new Error(`the Kafka client needs Node ${NODE_LEAST.join(".")} or later, this is Node ${version}`);
}
