import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { Firewall, Peer } from "../security/firewall";

/** Longest name of a load balancer and of a target group. */
const NAME_LENGTH = 32;
const HTTPS_PORT = 443;
const HEALTH_PATH = "/health";
/**
 * A pod that leaves keeps its connections this long; the gateway ends WebSockets a minute after it was asked to stop.
 */
const DRAIN_SECONDS = 90;

export interface OriginLoadBalancerProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly publicSubnetIds: string[];
  /** TLS port of the gateway's pods. */
  readonly gatewayPort: number;
  /** Fixed host name of the region's origin, see `originHost`. */
  readonly host: string;
  /** Public zone of the host name. */
  readonly zoneId: string;
  /** Allowed sources: the address ranges from which Cloudflare connects to origins. */
  readonly allowedRanges: readonly string[];
  /** Enables deletion protection and `prevent_destroy`. */
  readonly protect: boolean;
}

/**
 * The way into a region: a network load balancer that hands TLS through to the gateway's pods. It belongs to Terraform,
 * not to the cluster, so that its name and address outlive every redeploy of the workloads; the pods enter its target
 * group by a TargetGroupBinding, which finds the group by its name.
 */
export class OriginLoadBalancer extends Construct {
  /** Name of the target group, and of the load balancer. */
  static nameOf(names: Names): string {
    return names.of("origin", NAME_LENGTH);
  }

  /** Group from which requests reach the pods. */
  readonly firewallId: string;
  /** Dimensions of its CloudWatch metrics. */
  readonly loadBalancerArnSuffix: string;
  readonly targetGroupArnSuffix: string;

  constructor(scope: Construct, id: string, props: OriginLoadBalancerProps) {
    super(scope, id);
    const { protect } = props;
    const name = OriginLoadBalancer.nameOf(props.names);
    const firewall = this.firewall(props);
    this.firewallId = firewall.securityGroupId;
    const balancer = new Lb(this, "balancer", {
      name,
      loadBalancerType: "network",
      internal: false,
      subnets: props.publicSubnetIds,
      securityGroups: [this.firewallId],
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: protect,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    balancer.overrideLogicalId("origin");
    const gateways = this.gateways(props, name);
    new LbListener(this, "https", {
      loadBalancerArn: balancer.arn,
      port: HTTPS_PORT,
      protocol: "TCP",
      defaultAction: [{ type: "forward", targetGroupArn: gateways.arn }],
    });
    new Route53Record(this, "name", {
      zoneId: props.zoneId,
      name: props.host,
      type: "A",
      alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false },
    });
    this.loadBalancerArnSuffix = balancer.arnSuffix;
    this.targetGroupArnSuffix = gateways.arnSuffix;
  }

  private firewall({ names, vpcId, vpcCidr, gatewayPort, allowedRanges }: OriginLoadBalancerProps): Firewall {
    const firewall = new Firewall(this, "firewall", {
      names,
      name: "origin",
      description: "Origin load balancer",
      vpcId,
    });
    for (const range of allowedRanges) {
      firewall.allowFrom(Peer.range(range.replaceAll(/[./]/g, "-"), range), HTTPS_PORT, "HTTPS");
    }
    firewall.allowTo(Peer.range("vpc", vpcCidr), gatewayPort, "HTTPS");
    return firewall;
  }

  private gateways({ vpcId, gatewayPort }: OriginLoadBalancerProps, name: string): LbTargetGroup {
    const group = new LbTargetGroup(this, "gateways", {
      name,
      vpcId,
      targetType: "ip",
      port: gatewayPort,
      protocol: "TCP",
      // The gateway takes the client's address from Cloudflare's header, but only if Cloudflare is who connects.
      preserveClientIp: "true",
      deregistrationDelay: String(DRAIN_SECONDS),
      healthCheck: {
        protocol: "HTTPS",
        path: HEALTH_PATH,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
    group.overrideLogicalId("origin_gateways");
    return group;
  }
}
