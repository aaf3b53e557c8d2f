import type { App } from "cdktf";
import type { KubernetesObject } from "../charts";
import type { Environment, Region } from "../environments";
import { AddonsStack } from "./addons";
import { ClusterStack } from "./cluster";
import { DataStack } from "./data";
import { EdgeStack } from "./edge";
import { GlobalStack } from "./global";
import { NetworkStack } from "./network";
import type { PlatformStack } from "./platform-stack";
import { ReplicationStack } from "./replication";
import { StateStack } from "./state";
import { WorkloadsStack } from "./workloads";

/**
 * All stacks of an environment, in the order in which they are deployed. A region's stacks depend on the global one and
 * on each other, never on the other region: either can be deployed while the other is gone.
 */
export function buildEnvironment(
  app: App,
  environment: Environment,
  manifests: ReadonlyMap<string, readonly KubernetesObject[]>,
): PlatformStack[] {
  const state = new StateStack(app, environment);
  const global = new GlobalStack(app, environment);
  global.addDependency(state);
  const regional = new Map(
    environment.regions.map((region) => [
      region.name,
      buildRegion(app, environment, region, manifests.get(region.name) ?? []),
    ]),
  );
  for (const { network } of regional.values()) network.addDependency(global);
  const active = regional.get(environment.active.name)!;
  const { standby } = environment;
  const crossing: PlatformStack[] = [];
  if (standby) {
    const { data } = regional.get(standby.name)!;
    // Only when it is built: a replica needs its primary, and afterwards knows it by its ARN.
    data.addDependency(active.data);
    const replication = new ReplicationStack(app, environment, standby);
    replication.addDependency(data);
    crossing.push(replication);
  }
  const edge = new EdgeStack(app, environment);
  edge.addDependency(global);
  return [state, global, ...[...regional.values()].flatMap((region) => Object.values(region)), ...crossing, edge];
}

function buildRegion(app: App, environment: Environment, region: Region, manifests: readonly KubernetesObject[]) {
  const network = new NetworkStack(app, environment, region);
  const cluster = new ClusterStack(app, environment, region);
  const data = new DataStack(app, environment, region);
  const addons = new AddonsStack(app, environment, region);
  const workloads = new WorkloadsStack(app, environment, region, manifests);
  cluster.addDependency(network);
  data.addDependency(cluster);
  addons.addDependency(cluster);
  workloads.addDependency(data);
  workloads.addDependency(addons);
  return { network, cluster, data, addons, workloads };
}
