import { AddressRange } from "@hft/toolkit";
import { type Rule, when } from "./rule";

/** Subnets of three kinds over three zones, with room for a pod address each, need at least a /20. */
const VPC_PREFIX = { shortest: 16, longest: 20 };

/** Source: EKS API Reference, KubernetesNetworkConfigRequest, `serviceIpv4Cidr` (botocore 1.44.8). */
const SERVICE_PREFIX = { shortest: 12, longest: 24 };

/**
 * Zones that an architecture needs. EKS and RDS ask for subnets in two zones even when nothing else uses the second.
 */
const MIN_ZONES = { "single-az": 2, "multi-az": 3, "multi-region": 3 };

export const vpcRangesFit: Rule = ({ regions }) =>
  regions.flatMap(({ cidr }, index) => {
    const range = AddressRange.parse(cidr);
    const field = `regions[${index}].cidr`;
    const { shortest, longest } = VPC_PREFIX;
    return [
      ...when(range.prefixLength < shortest || range.prefixLength > longest, () => ({
        code: "HFT-NET-001",
        field,
        fault: `${cidr} is a /${range.prefixLength}`,
        remedy: `AWS and the subnet plan accept a /${shortest} to /${longest}, such as "${range.address(0)}/${shortest}"`,
      })),
      ...when(!range.isPrivate, () => ({
        code: "HFT-NET-004",
        field,
        fault: `${cidr} is not private address space`,
        remedy: "choose a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
      })),
    ];
  });

export const serviceRangeFits: Rule = ({ kubernetes: { serviceCidr } }) => {
  const range = AddressRange.parse(serviceCidr);
  const field = "kubernetes.serviceCidr";
  const { shortest, longest } = SERVICE_PREFIX;
  return [
    ...when(!range.isPrivate, () => ({
      code: "HFT-NET-007",
      field,
      fault: `${serviceCidr} is not private address space, which EKS requires for Services`,
      remedy: "choose a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    })),
    ...when(range.prefixLength < shortest || range.prefixLength > longest, () => ({
      code: "HFT-NET-008",
      field,
      fault: `${serviceCidr} is a /${range.prefixLength}`,
      remedy: `EKS accepts a /${shortest} to /${longest}, such as "172.20.0.0/16"`,
    })),
  ];
};

/** Also Services': a pod whose packets go to an address of the range never reaches a network behind it. */
export const rangesAreDisjoint: Rule = ({ regions, onPremises, kubernetes }) => {
  const ranges = [
    ...regions.map(({ cidr }, index) => ({ field: `regions[${index}].cidr`, cidr })),
    ...(onPremises?.cidrs ?? []).map((cidr, index) => ({ field: `onPremises.cidrs[${index}]`, cidr })),
    { field: "kubernetes.serviceCidr", cidr: kubernetes.serviceCidr },
  ];
  return ranges.flatMap((later, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => AddressRange.parse(earlier.cidr).overlaps(AddressRange.parse(later.cidr)))
      .map((earlier) => ({
        code: "HFT-NET-002",
        field: later.field,
        fault: `${later.cidr} overlaps ${earlier.field} ${earlier.cidr}`,
        remedy: "choose a range outside it",
      })),
  );
};

export const zonesSuffice: Rule = ({ architecture, regions }) =>
  regions.flatMap(({ zones }, index) => [
    ...when(zones.length < MIN_ZONES[architecture], () => ({
      code: "HFT-NET-003",
      field: `regions[${index}].zones`,
      fault: `${zones.length} zones for ${architecture}`,
      remedy: `name at least ${MIN_ZONES[architecture]}, such as ${JSON.stringify(["a", "b", "c"].slice(0, MIN_ZONES[architecture]))}`,
    })),
    ...when(new Set(zones).size < zones.length, () => ({
      code: "HFT-NET-005",
      field: `regions[${index}].zones`,
      fault: `${JSON.stringify(zones)} names a zone twice`,
      remedy: "name each zone once",
    })),
  ]);

export const onPremisesIsReachable: Rule = ({ onPremises }) => {
  if (!onPremises) return [];
  return [
    ...when(!onPremises.vpn && !onPremises.directConnect, () => ({
      code: "HFT-NET-006",
      field: "onPremises",
      fault: "neither vpn nor directConnect is described",
      remedy: "describe at least one way to reach the site",
    })),
  ];
};
