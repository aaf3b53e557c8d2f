import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { ACCESS_GROUPS, ENGINE_PORTS, GATEWAY_PORTS } from "../charts";
import {
  Cluster,
  ClusterAddons,
  DiskEncryption,
  GithubDeployRoles,
  LowLatencyPool,
  NodePool,
  NodeRole,
  Peer,
} from "../constructs";
import { type Environment, isProtected, type Region } from "../environments";
import { clusterContract, globalContract, networkContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/** The region's EKS cluster with its pools: system and general nodes, and the low-latency lane of the engine. */
export class ClusterStack extends PlatformStack {
  private readonly network: ReturnType<typeof networkContract.read>;

  constructor(scope: Construct, environment: Environment, region: Region) {
    super(scope, { environment, region: region.name, layer: "cluster" });
    const { names } = this;
    const { keyArn } = globalContract.read(this, names);
    this.network = networkContract.read(this, names);
    const { network } = this;
    const { kubernetes, nodePools } = environment;

    new DiskEncryption(this, "disks", { keyArn });
    const cluster = new Cluster(this, "control-plane", {
      names,
      accountId: environment.accountId,
      version: kubernetes.version,
      subnetIds: network.privateSubnetIds,
      keyArn,
      serviceCidr: kubernetes.serviceCidr,
      publicAccessCidrs: kubernetes.publicAccessCidrs,
      logRetentionDays: environment.logging.systemRetentionDays,
      protect: isProtected(environment),
    });
    cluster.allowFrom(Peer.group("origin", network.originFirewallId), GATEWAY_PORTS.https, "HTTPS");
    if (region.peer) {
      const entrance = Peer.group("engine-entrance", network.engineFirewallId);
      cluster.allowFrom(entrance, ENGINE_PORTS.replication, "journal");
      cluster.allowFrom(entrance, ENGINE_PORTS.https, "orders and health");
    }
    this.admitPeople(cluster, environment);
    this.admitPipeline(cluster, environment);

    const nodes = new NodeRole(this, "nodes", { names });
    const pool = (name: "system" | "general") =>
      new NodePool(this, `${name}-pool`, {
        names,
        pool: name,
        clusterName: cluster.name,
        version: kubernetes.version,
        nodeRole: nodes,
        subnetIds: network.privateSubnetIds,
        ...nodePools[name],
        keyArn,
      });
    const system = pool("system");
    const general = pool("general");
    this.lane(environment, region, { clusterName: cluster.name, nodeRole: nodes, keyArn });

    new ClusterAddons(this, "addons", {
      names,
      clusterName: cluster.name,
      version: kubernetes.version,
      keyArn,
      nodes: system.nodes,
    });
    clusterContract.publish(this, names, {
      name: cluster.name,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority,
      securityGroupId: cluster.securityGroupId,
      nodeRoleArn: nodes.arn,
      systemGroup: system.groupName,
      generalGroup: general.groupName,
    });
  }

  /** Whoever deploys makes namespaces, roles and definitions; whoever plans reads. */
  private admitPipeline(cluster: Cluster, { accountId }: Environment): void {
    const role = (name: "plan" | "deploy") => GithubDeployRoles.arnOf(this.names, accountId, name);
    cluster.grant("pipeline-deploy", role("deploy"), "AmazonEKSClusterAdminPolicy");
    cluster.grant("pipeline-plan", role("plan"), "AmazonEKSViewPolicy");
  }

  private admitPeople(cluster: Cluster, { kubernetes: { access } }: Environment): void {
    access.administrators.forEach((arn, index) => {
      cluster.grant(`administrator-${index}`, arn, "AmazonEKSClusterAdminPolicy");
    });
    for (const [group, roles] of [
      [ACCESS_GROUPS.operators, access.operators],
      [ACCESS_GROUPS.deployers, access.deployers],
      [ACCESS_GROUPS.breakGlass, access.breakGlass],
    ] as const) {
      roles.forEach((arn, index) => {
        cluster.join(`${group.replace("hft:", "")}-${index}`, arn, group);
      });
    }
  }

  /** All engines in the first zone: a placement group ends at the zone, and so do short distances. */
  private lane(
    { kubernetes, nodePools, lane }: Environment,
    region: Region,
    cluster: { readonly clusterName: string; readonly nodeRole: NodeRole; readonly keyArn: string },
  ): void {
    new LowLatencyPool(this, "low-latency", {
      names: this.names,
      version: kubernetes.version,
      subnetId: Fn.element(this.network.privateSubnetIds, 0),
      availabilityZone: `${region.name}${region.zones[0]}`,
      lane,
      nodes: nodePools.lowLatency.nodes,
      capacityReservation: nodePools.lowLatency.capacityReservation,
      ...cluster,
    });
  }
}
