import type { App } from "cdktf";
import type { KubernetesObject } from "../charts";
import type { Environment } from "../environments";
import { AddonsStack } from "./addons";
import { ClusterStack } from "./cluster";
import { DataStack } from "./data";
import { EdgeStack } from "./edge";
import { GlobalStack } from "./global";
import { NetworkStack } from "./network";
import type { PlatformStack } from "./platform-stack";
import { StateStack } from "./state";
import { WorkloadsStack } from "./workloads";

/**
 * All stacks of an environment, in the order in which they are deployed. A region's stacks depend on the global one and on
 * each other, never on the other region: either can be deployed while the other is gone.
 */
export function buildEnvironment(
  app: App,
  environment: Environment,
  manifests: ReadonlyMap<string, readonly KubernetesObject[]>,
): PlatformStack[] {
  const state = new StateStack(app, environment);
  const global = new GlobalStack(app, environment);
  global.addDependency(state);
  const regional = environment.regions.flatMap((region) => {
    const network = new NetworkStack(app, environment, region);
    const cluster = new ClusterStack(app, environment, region);
    const data = new DataStack(app, environment, region);
    const addons = new AddonsStack(app, environment, region);
    const workloads = new WorkloadsStack(app, environment, region, manifests.get(region.name) ?? []);
    network.addDependency(global);
    cluster.addDependency(network);
    data.addDependency(cluster);
    addons.addDependency(cluster);
    workloads.addDependency(data);
    workloads.addDependency(addons);
    return [network, cluster, data, addons, workloads];
  });
  const edge = new EdgeStack(app, environment);
  edge.addDependency(global);
  return [state, global, ...regional, edge];
}
