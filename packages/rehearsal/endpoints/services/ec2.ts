import { vcpusOfType } from "../../account/offers";
import { ZONE_LETTERS, zoneId } from "../../behaviours/zones";
import { ec2Answer } from "../aws-answer";
import { filterOf } from "../aws-request";
import type { AccountState, Operations } from "./service";

/** Regions that a question about all of them is answered with, besides those that are asked in. */
const REGIONS = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-1"];

function zonesOf(region: string, { settings }: AccountState): string[] {
  return ZONE_LETTERS.map((letter) => region + letter).filter((zone) => !settings.zonesAbsent?.includes(zone));
}

/** Things that others have, with a name of theirs. */
function ofOthers(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    tagSet: { item: { key: "Name", value: `of-others-${index + 1}` } },
  }));
}

function deployed(type: string, region: string, { cloud }: AccountState) {
  return cloud.list({ type, region }).map(({ attributes }) => {
    const tags = Object.entries((attributes.tags_all ?? {}) as Record<string, string>);
    return { tagSet: { item: tags.map(([key, value]) => ({ key, value })) } };
  });
}

export const EC2: Operations = {
  DescribeRegions: ({ region }, { settings }) =>
    ec2Answer("DescribeRegions", {
      regionInfo: {
        item: [...new Set([...REGIONS, region])].map((regionName) => ({
          regionName,
          regionEndpoint: `ec2.${regionName}.amazonaws.com`,
          optInStatus: settings.regionsOff?.includes(regionName) ? "not-opted-in" : "opt-in-not-required",
        })),
      },
    }),
  DescribeAvailabilityZones: ({ region }, state) =>
    ec2Answer("DescribeAvailabilityZones", {
      availabilityZoneInfo: {
        item: zonesOf(region, state).map((zoneName) => ({
          zoneName,
          zoneId: zoneId(zoneName),
          zoneState: "available",
          regionName: region,
          zoneType: "availability-zone",
        })),
      },
    }),
  DescribeInstanceTypeOfferings: ({ region, parameters }, state) =>
    ec2Answer("DescribeInstanceTypeOfferings", {
      instanceTypeOfferingSet: {
        item: filterOf(parameters, "instance-type").flatMap((instanceType) =>
          zonesOf(region, state)
            .filter((zone) => !state.settings.instanceTypesAbsent?.[instanceType]?.includes(zone))
            .map((location) => ({ instanceType, locationType: "availability-zone", location })),
        ),
      },
    }),
  DescribeInstanceTypes: ({ parameters }) =>
    ec2Answer("DescribeInstanceTypes", {
      instanceTypeSet: {
        item: filterOf(parameters, "instance-type").map((instanceType) => ({
          instanceType,
          vCpuInfo: { defaultVCpus: vcpusOfType(instanceType) },
        })),
      },
    }),
  DescribeInstances: (_, { settings }) => {
    const cpuOptions = { coreCount: settings.inUse?.vcpus ?? 0, threadsPerCore: 1 };
    const instances = settings.inUse?.vcpus ? [{ instanceId: "i-0123456789abcdef0", cpuOptions }] : [];
    return ec2Answer("DescribeInstances", {
      reservationSet: { item: instances.map((instance) => ({ instancesSet: { item: instance } })) },
    });
  },
  DescribeAddresses: ({ region }, state) =>
    ec2Answer("DescribeAddresses", {
      addressesSet: {
        item: [...deployed("aws_eip", region, state), ...ofOthers(state.settings.inUse?.addresses ?? 0)],
      },
    }),
  DescribeVpcs: ({ region }, state) =>
    ec2Answer("DescribeVpcs", {
      vpcSet: { item: [...deployed("aws_vpc", region, state), ...ofOthers(state.settings.inUse?.vpcs ?? 0)] },
    }),
  DescribeCapacityReservations: ({ region, parameters }, { cloud }) => {
    const [zone] = filterOf(parameters, "availability-zone");
    const [type] = filterOf(parameters, "instance-type");
    const found = cloud
      .list({ type: "aws_ec2_capacity_reservation", region })
      .filter(({ attributes }) => attributes.availability_zone === zone && attributes.instance_type === type);
    return ec2Answer("DescribeCapacityReservations", {
      capacityReservationSet: {
        item: found.map(({ id, attributes }) => ({
          capacityReservationId: id,
          instanceType: type ?? "",
          availabilityZone: zone ?? "",
          totalInstanceCount: Number(attributes.instance_count),
          availableInstanceCount: Number(attributes.instance_count),
          state: "active",
        })),
      },
    });
  },
};
