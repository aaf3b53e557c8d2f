import type { NetworkPeer } from "./kubernetes/connections";
import type { Site } from "./site";

/** Addresses of what AWS runs for the platform: inside the region's network, or at the site of a hybrid environment. */
export function managedServices(site: Site) {
  const inRegion = (name: string): NetworkPeer => ({ kind: "network", name, cidrs: [site.region.cidr] });
  const { onPremises } = site.environment;
  return {
    database: onPremises?.hosts.includes("database")
      ? ({ kind: "network", name: "database", cidrs: onPremises.cidrs } satisfies NetworkPeer)
      : inRegion("database"),
    cache: inRegion("cache"),
    brokers: inRegion("brokers"),
    awsEndpoints: inRegion("aws-endpoints"),
  };
}
