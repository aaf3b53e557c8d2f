/** ElastiCache refuses tokens that are good for longer. Source: ElastiCache User Guide, "Authenticating with IAM". */
const TOKEN_SECONDS = 900;

export interface CacheIdentity {
  /** Name of the replication group. */
  readonly replicationGroup: string;
  readonly user: string;
  readonly region: string;
}

/**
 * A password for ElastiCache that the pod's AWS identity signs: a presigned request to connect, without its scheme. It
 * opens a connection within 15 minutes; the connection then lives up to 12 hours, and whoever reconnects asks for a new
 * one.
 */
export async function cacheToken({ replicationGroup, user, region }: CacheIdentity): Promise<string> {
  const [{ SignatureV4 }, { fromNodeProviderChain }, { Sha256 }] = await Promise.all([
    import("@smithy/signature-v4"),
    import("@aws-sdk/credential-providers"),
    import("@aws-crypto/sha256-js"),
  ]);
  const signer = new SignatureV4({
    service: "elasticache",
    region,
    credentials: fromNodeProviderChain(),
    sha256: Sha256,
  });
  const request = {
    method: "GET",
    protocol: "https:",
    hostname: replicationGroup,
    path: "/",
    query: { Action: "connect", User: user },
    headers: { host: replicationGroup },
  };
  const { query = {} } = await signer.presign(request, { expiresIn: TOKEN_SECONDS });
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${replicationGroup}/?${parameters.join("&")}`;
}
