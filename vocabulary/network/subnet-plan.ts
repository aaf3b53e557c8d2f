import { AddressRange } from "@hft/toolkit";

/** Address ranges of one zone's three subnets. */
export interface ZonePlan {
  /** Full zone name, `eu-west-1a`. */
  readonly zone: string;
  /** Nodes and pods: an eighth of the VPC, since the VPC CNI takes an address for every pod. */
  readonly privateCidr: string;
  /** NAT gateways and internet-facing load balancers. */
  readonly publicCidr: string;
  /** Databases, caches and brokers; no route to the internet. */
  readonly databaseCidr: string;
}

const EIGHTH_BITS = 3;
/** Small subnets are 1/256 of the VPC: a /24 of a /16, a /28 (the least AWS takes) of a /20. */
const SMALL_BITS = 8;
const PUBLIC_EIGHTH = 6;
const DATABASE_EIGHTH = 7;

/**
 * Lays subnets over a VPC. A zone's ranges depend only on its letter, so adding or removing a zone
 * moves no other zone's subnets (a moved subnet is a replaced subnet).
 * @param cidr range of the VPC, /16 to /20
 * @param zones full zone names
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZonePlan[] {
  const vpc = AddressRange.parse(cidr);
  const eighth = (index: number) => vpc.part(vpc.prefixLength + EIGHTH_BITS, index);
  const small = (block: number, index: number) =>
    eighth(block)
      .part(vpc.prefixLength + SMALL_BITS, index)
      .toString();
  return zones.map((zone) => {
    const index = zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0);
    return {
      zone,
      privateCidr: eighth(index).toString(),
      publicCidr: small(PUBLIC_EIGHTH, index),
      databaseCidr: small(DATABASE_EIGHTH, index),
    };
  });
}
