import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../naming/names";
import { Firewall, Peer } from "../security/firewall";

/** Longest name of a load balancer and of a target group. */
const NAME_LENGTH = 32;
const HEALTH_PATH = "/live";

export interface EngineEntranceProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly vpcCidr: string;
  /** Subnets without a way to the internet. */
  readonly subnetIds: string[];
  /** Port on which an engine accepts its peer. */
  readonly replicationPort: number;
  /** Port on which an engine says whether it lives. */
  readonly healthPort: number;
  /** Name under which the other region finds it, see `engineHost`. */
  readonly host: string;
  /** Public zone of the name. Its addresses are private. */
  readonly zoneId: string;
  /** Range of the other region's network: nobody else may come in. */
  readonly peerCidr: string;
  /** Deletion protection, and a plan that refuses to destroy. */
  readonly protect: boolean;
}

/**
 * The way to a region's engine for the engine of the other region: an internal network load balancer with one port. It belongs
 * to Terraform, so that the address which the other region is configured with outlives every pod and every redeploy.
 */
export class EngineEntrance extends Construct {
  /** Name of the target group, and of the load balancer. */
  static nameOf(names: Names): string {
    return names.of("engine", NAME_LENGTH);
  }

  /** Group from which connections reach the engine. */
  readonly firewallId: string;

  constructor(scope: Construct, id: string, props: EngineEntranceProps) {
    super(scope, id);
    const name = EngineEntrance.nameOf(props.names);
    this.firewallId = this.firewall(props);
    const balancer = new Lb(this, "balancer", {
      name,
      loadBalancerType: "network",
      internal: true,
      subnets: props.subnetIds,
      securityGroups: [this.firewallId],
      // The engine runs in one zone; every address of the name must lead there.
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: props.protect,
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    balancer.overrideLogicalId("engine_entrance");
    const engines = this.engines(props, name);
    new LbListener(this, "replication", {
      loadBalancerArn: balancer.arn,
      port: props.replicationPort,
      protocol: "TCP",
      defaultAction: [{ type: "forward", targetGroupArn: engines.arn }],
    });
    new Route53Record(this, "name", {
      zoneId: props.zoneId,
      name: props.host,
      type: "A",
      alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false },
    });
  }

  private firewall({ names, vpcId, vpcCidr, peerCidr, replicationPort, healthPort }: EngineEntranceProps): string {
    const firewall = new Firewall(this, "firewall", {
      names,
      name: "engine-entrance",
      description: "Journal between the engines of two regions",
      vpcId,
    });
    firewall.allowFrom(Peer.range("other-region", peerCidr), replicationPort, "journal");
    firewall.allowTo(Peer.range("vpc", vpcCidr), replicationPort, "journal");
    firewall.allowTo(Peer.range("vpc", vpcCidr), healthPort, "health");
    return firewall.securityGroupId;
  }

  private engines({ vpcId, replicationPort, healthPort }: EngineEntranceProps, name: string): LbTargetGroup {
    const group = new LbTargetGroup(this, "engines", {
      name,
      vpcId,
      targetType: "ip",
      port: replicationPort,
      protocol: "TCP",
      // Connections come from the load balancer's own addresses, which the engine's network policy names.
      preserveClientIp: "false",
      // An engine that is gone must not hold its peer's connection.
      deregistrationDelay: "0",
      connectionTermination: true,
      // Not the replication port: a connection there would look like a peer that came and went.
      healthCheck: {
        protocol: "HTTP",
        port: String(healthPort),
        path: HEALTH_PATH,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
    group.overrideLogicalId("engine_entrance");
    return group;
  }
}
