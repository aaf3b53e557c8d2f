import type { Construct } from "constructs";
import { type KubernetesObject, platformEndpoints } from "../charts";
import type { Environment, Region } from "../environments";
import { clusterContract, dataContract } from "./contract";
import { connectKubernetes } from "./kubernetes-access";
import { deployManifests } from "./manifest-resources";
import { PlatformStack } from "./platform-stack";

/**
 * What runs in the cluster: the very objects that `cdk8s synth` prints, and the one ConfigMap that tells them where the
 * region's database, cache and brokers are.
 */
export class WorkloadsStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment, region: Region, manifests: readonly KubernetesObject[]) {
    super(scope, { environment, region: region.name, layer: "workloads" });
    const cluster = clusterContract.read(this, this.names);
    const data = dataContract.read(this, this.names);
    connectKubernetes(this, cluster, region.name);
    const endpoints = platformEndpoints({
      databaseEndpoint: `${data.databaseHost}:${data.databasePort}`,
      databaseName: data.databaseName,
      cacheEndpoint: `${data.cacheHost}:${data.cachePort}`,
      kafkaBrokers: data.kafkaBrokers,
      region: region.name,
      regionRole: region.name === environment.activeRegion ? "active" : "standby",
    });
    deployManifests(this, [...manifests, endpoints]);
  }
}
