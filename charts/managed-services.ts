import type { NetworkPeer } from "./kubernetes/connections";
import { INTERNET } from "./kubernetes/peers";
import { outsideTls } from "./kubernetes/protection";
import type { Site } from "./site";

/** How its callers know that they speak with it. */
export const SERVICE_TLS = {
  database: outsideTls(
    "the database presents a certificate for its name, verified with the RDS roots (on premises: the system's); the caller presents a password",
  ),
  cache: outsideTls("the cache presents a public CA's certificate; the engine presents a token of its AWS role"),
  brokers: outsideTls("brokers present a public CA's certificate; the engine presents a token of its AWS role"),
  aws: outsideTls("AWS presents a public CA's certificate; the caller signs requests with its AWS role"),
} as const;

/** Addresses of what AWS runs for the platform: inside the region's network, or at the site of a hybrid environment. */
export function managedServices(site: Site) {
  const inRegion = (name: string): NetworkPeer => ({ kind: "network", name, cidrs: [site.region.cidr] });
  const { onPremises } = site.environment;
  return {
    database: onPremises?.databaseEndpoint
      ? ({ kind: "network", name: "database", cidrs: onPremises.cidrs } satisfies NetworkPeer)
      : inRegion("database"),
    cache: inRegion("cache"),
    brokers: inRegion("brokers"),
    // Public addresses that the network's gateway endpoint catches: nothing leaves it.
    storage: { ...INTERNET, name: "s3" },
    // A network over several zones has an endpoint for it; a frugal one goes through its NAT gateway.
    logs: site.environment.architecture === "single-az" ? { ...INTERNET, name: "logs" } : inRegion("logs"),
  };
}
