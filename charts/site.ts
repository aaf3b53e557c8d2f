import type { Environment, Region } from "../environments";
import { Names } from "../vocabulary";
import type { PodIdentity } from "./aws-needs";
import { Connections } from "./kubernetes/connections";

/** Where manifests are made for: one region of one environment, and what is connected in it. */
export interface Site {
  readonly environment: Environment;
  readonly region: Region;
  readonly names: Names;
  readonly connections: Connections;
  /** Filled in by the workloads that call AWS. */
  readonly podIdentities: PodIdentity[];
}

export function siteOf(environment: Environment, regionName: string): Site {
  const region = environment.regions.find(({ name }) => name === regionName);
  if (!region) {
    const described = environment.regions.map(({ name }) => name).join(", ");
    throw new Error(`${environment.name}: ${regionName} is not described under regions; choose one of ${described}`);
  }
  return {
    environment,
    region,
    names: new Names(environment.name, regionName),
    connections: new Connections(),
    podIdentities: [],
  };
}
