import { Lane, planSubnets, type ZonePlan } from "../vocabulary";
import type { DescribedEnvironment, DescribedRegion } from "./environment";

/** What a region does: writes happen in the active one. */
export type RegionRole = "active" | "standby";

/** A region, and what follows from it being one of its environment's. */
export interface Region extends DescribedRegion {
  readonly role: RegionRole;
  /** Ranges of its subnets, in the order of its zones. */
  readonly subnets: readonly ZonePlan[];
  /** The other region, with which this one's engine is replicated; undefined in an environment of one region. */
  readonly peer: Omit<Region, "peer"> | undefined;
}

/** A checked environment. What several rooms would compute from its file is computed here, once. */
export interface Environment extends Omit<DescribedEnvironment, "regions"> {
  /** In the order of the file. */
  readonly regions: readonly Region[];
  /** Where writes happen. */
  readonly active: Region;
  /** The region that stands by; undefined in an environment of one region. */
  readonly standby: Region | undefined;
  /** Of every region: nodes and engines are alike, so that any of them can take over. */
  readonly lane: Lane;
}

/** @param described an environment that keeps every rule */
export function derive(described: DescribedEnvironment): Environment {
  const { activeRegion, nodePools, engine, name } = described;
  const alone = described.regions.map(
    (region): Omit<Region, "peer"> => ({
      ...region,
      role: region.name === activeRegion ? "active" : "standby",
      subnets: planSubnets(
        region.cidr,
        region.zones.map((letter) => `${region.name}${letter}`),
      ),
    }),
  );
  const regions = alone.map((region): Region => ({ ...region, peer: alone.find((other) => other !== region) }));
  return {
    ...described,
    regions,
    active: regions.find(({ role }) => role === "active")!,
    standby: regions.find(({ role }) => role === "standby"),
    lane: Lane.of(`${name}/low-latency`, { ...nodePools.lowLatency, engine }),
  };
}

/** The environment as it is once its writes have moved. */
export function movedTo({ regions, ...environment }: Environment, activeRegion: string): Environment {
  return derive({ ...environment, regions: [...regions], activeRegion });
}
