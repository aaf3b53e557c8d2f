import type { Construct } from "constructs";
import { CLOUDFLARE_RANGES, ENGINE_PORTS, GATEWAY_PORTS } from "../charts";
import {
  EngineEntrance,
  FlowLogs,
  OnPremisesLink,
  OriginLoadBalancer,
  PRIVATE_CLUSTER_SERVICES,
  Vpc,
  VpcEndpoints,
} from "../constructs";
import { type Environment, isProtected, type Region } from "../environments";
import { engineHost, originHost } from "../vocabulary";
import { globalContract, networkContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/**
 * The region's network and the way into it: VPC, endpoints, flow logs, the site's link and the origin load balancer.
 */
export class NetworkStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment, region: Region) {
    super(scope, { environment, region: region.name, layer: "network" });
    const { names } = this;
    const global = globalContract.read(this, names);
    const frugal = environment.architecture === "single-az";

    const vpc = new Vpc(this, "vpc", {
      names,
      cidr: region.cidr,
      subnets: region.subnets,
      natGateways: frugal ? "one" : "one-per-zone",
    });
    new VpcEndpoints(this, "endpoints", {
      names,
      vpcId: vpc.vpcId,
      vpcCidr: vpc.cidr,
      subnetIds: vpc.privateSubnetIds,
      routeTableIds: vpc.internalRouteTableIds,
      interfaceServices: frugal ? [] : PRIVATE_CLUSTER_SERVICES,
    });
    new FlowLogs(this, "flow-logs", {
      names,
      accountId: environment.accountId,
      vpcId: vpc.vpcId,
      retentionDays: environment.logging.systemRetentionDays,
      keyArn: global.keyArn,
    });
    if (environment.onPremises) {
      new OnPremisesLink(this, "site", {
        names,
        vpcId: vpc.vpcId,
        vpcCidr: vpc.cidr,
        routeTableIds: vpc.internalRouteTableIds,
        vpn: environment.onPremises.vpn,
        directConnect: environment.onPremises.directConnect,
      });
    }
    const origin = new OriginLoadBalancer(this, "origin", {
      names,
      vpcId: vpc.vpcId,
      vpcCidr: vpc.cidr,
      publicSubnetIds: vpc.publicSubnetIds,
      gatewayPort: GATEWAY_PORTS.https,
      host: originHost(environment.edge.zone, region.name),
      zoneId: global.originZoneId,
      allowedRanges: CLOUDFLARE_RANGES,
      protect: isProtected(environment),
    });
    networkContract.publish(this, names, {
      vpcId: vpc.vpcId,
      privateSubnetIds: vpc.privateSubnetIds,
      databaseSubnetIds: vpc.databaseSubnetIds,
      internalRouteTableIds: vpc.internalRouteTableIds,
      originFirewallId: origin.firewallId,
      engineFirewallId: this.engineEntrance(vpc, environment, region, global.originZoneId)?.firewallId ?? "",
      originLoadBalancer: origin.loadBalancerArnSuffix,
      originTargetGroup: origin.targetGroupArnSuffix,
    });
  }

  /** The way of the other region to this region's engine. The peering that leads to it is the replication stack's. */
  private engineEntrance(
    vpc: Vpc,
    environment: Environment,
    region: Region,
    zoneId: string,
  ): EngineEntrance | undefined {
    const { peer } = region;
    if (!peer) return undefined;
    return new EngineEntrance(this, "engine-entrance", {
      names: this.names,
      vpcId: vpc.vpcId,
      vpcCidr: vpc.cidr,
      subnetIds: vpc.databaseSubnetIds,
      replicationPort: ENGINE_PORTS.replication,
      apiPort: ENGINE_PORTS.https,
      host: engineHost(environment.edge.zone, region.name),
      zoneId,
      peerCidr: peer.cidr,
      protect: isProtected(environment),
    });
  }
}
