import type { NetworkPeer } from "./kubernetes/connections";
import { INTERNET } from "./kubernetes/peers";
import type { Site } from "./site";

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
