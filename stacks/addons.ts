import type { Construct } from "constructs";
import type { Environment, Region } from "../environments";
import { clusterContract, globalContract, networkContract } from "./contract";
import { connectHelm, connectKubernetes } from "./kubernetes-access";
import { operatorsBesideMonitoring } from "./operators/all-operators";
import { monitoring } from "./operators/monitoring";
import { InstalledOperator, type OperatorSite } from "./operators/operator";
import { PlatformStack } from "./platform-stack";

/**
 * Operators and their CRDs. A stack of its own because a plan of the workloads needs the CRDs to exist already.
 */
export class AddonsStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment, region: Region) {
    super(scope, { environment, region: region.name, layer: "addons" });
    const { names } = this;
    const global = globalContract.read(this, names);
    const network = networkContract.read(this, names);
    const cluster = clusterContract.read(this, names);
    connectKubernetes(this, cluster, region.name);
    connectHelm(this, cluster, region.name);

    const site: OperatorSite = {
      names,
      accountId: environment.accountId,
      clusterName: cluster.name,
      vpcId: network.vpcId,
      keyArn: global.keyArn,
      dnsZoneId: global.originZoneId,
      peerRegion: region.peer?.name,
      monitoring: environment.monitoring,
      kubernetesVersion: environment.kubernetes.version,
      autoscaledPools: (
        [
          ["system", cluster.systemGroup],
          ["general", cluster.generalGroup],
        ] as const
      ).map(([pool, group]) => ({ nodeGroup: names.of(pool), group, ...environment.nodePools[pool] })),
    };
    const { release } = new InstalledOperator(this, monitoring(site), site);
    for (const operator of operatorsBesideMonitoring(site)) {
      new InstalledOperator(this, operator, site, operator.isScraped ? [release] : []);
    }
  }
}
