import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
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
  /** TLS port of an engine's API, which also serves its health check. */
  readonly apiPort: number;
  /** Host name that the other region uses, see `engineHost`. */
  readonly host: string;
  /** Public zone of the name. Its addresses are private. */
  readonly zoneId: string;
  /** Address range of the other region's network, the only allowed source. */
  readonly peerCidr: string;
  /** Enables deletion protection and `prevent_destroy`. */
  readonly protect: boolean;
}

/**
 * Access to a region's engine from the other region: for its engine, which replicates the journal, and for its gateway,
 * which forwards orders while this region's engine is the active one. It is an internal network load balancer with
 * these two ports. It belongs to Terraform, so that the address that the other region is configured with outlives every
 * pod and every redeploy.
 */
export class EngineEntrance extends Construct {
  /** Name of the journal's target group, and of the load balancer. */
  static nameOf(names: Names): string {
    return names.of("engine", NAME_LENGTH);
  }

  /** Name of the API's target group. */
  static apiNameOf(names: Names): string {
    return names.of("engine-api", NAME_LENGTH);
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
    const engines = this.engines(props, "engines", name, props.replicationPort);
    engines.overrideLogicalId("engine_entrance");
    const api = this.engines(props, "api-engines", EngineEntrance.apiNameOf(props.names), props.apiPort);
    api.overrideLogicalId("engine_entrance_api");
    this.listen(balancer, "replication", props.replicationPort, engines);
    this.listen(balancer, "api", props.apiPort, api);
    new Route53Record(this, "name", {
      zoneId: props.zoneId,
      name: props.host,
      type: "A",
      alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false },
    });
  }

  private listen(balancer: Lb, id: string, port: number, to: LbTargetGroup): void {
    new LbListener(this, id, {
      loadBalancerArn: balancer.arn,
      port,
      protocol: "TCP",
      defaultAction: [{ type: "forward", targetGroupArn: to.arn }],
    });
  }

  private firewall({ names, vpcId, vpcCidr, peerCidr, replicationPort, apiPort }: EngineEntranceProps): string {
    const firewall = new Firewall(this, "firewall", {
      names,
      name: "engine-entrance",
      description: "Journal between the engines of two regions",
      vpcId,
    });
    firewall.allowFrom(Peer.range("other-region", peerCidr), replicationPort, "journal");
    firewall.allowFrom(Peer.range("other-region", peerCidr), apiPort, "orders");
    firewall.allowTo(Peer.range("vpc", vpcCidr), replicationPort, "journal");
    firewall.allowTo(Peer.range("vpc", vpcCidr), apiPort, "orders and health");
    return firewall.securityGroupId;
  }

  private engines({ vpcId, apiPort }: EngineEntranceProps, id: string, name: string, port: number): LbTargetGroup {
    return new LbTargetGroup(this, id, {
      name,
      vpcId,
      targetType: "ip",
      port,
      protocol: "TCP",
      // Connections come from the load balancer's own addresses, which the engine's network policy names.
      preserveClientIp: "false",
      // An engine that is gone must not hold anybody's connection.
      deregistrationDelay: "0",
      connectionTermination: true,
      // Not the replication port: a connection there would look like a peer that came and went.
      healthCheck: {
        // The load balancer does not check the certificate (Elastic Load Balancing, "Health checks for Network Load
        // Balancer target groups").
        protocol: "HTTPS",
        port: String(apiPort),
        path: HEALTH_PATH,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
  }
}
