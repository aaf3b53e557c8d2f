/** "host:port" in parts. */
export function parseAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`replication.peer: "${address}"; give host and port such as "engine-1.engine:7001"`);
  }
  return { host: address.slice(0, colon), port };
}
