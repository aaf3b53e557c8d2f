import { LoadBalancer } from "@cdktf/provider-cloudflare/lib/load-balancer";
import { LoadBalancerMonitor } from "@cdktf/provider-cloudflare/lib/load-balancer-monitor";
import { LoadBalancerPool } from "@cdktf/provider-cloudflare/lib/load-balancer-pool";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import type { OriginTls } from "./zone-settings";

/** Response of a gateway that can serve requests. */
const HEALTH_PATH = "/health";
const HTTPS_PORT = 443;
/**
 * Two failed checks in a row, one of them repeated, are found within a minute: a fifth of the recovery time objective.
 */
const CHECK_INTERVAL_SECONDS = 15;
const CHECK_TIMEOUT_SECONDS = 5;

export interface EdgeOrigin {
  readonly region: string;
  /** Fixed host name of the region's origin, see `originHost`. */
  readonly host: string;
}

export interface EdgeLoadBalancerProps {
  readonly names: Names;
  /** Cloudflare's account. */
  readonly accountId: string;
  readonly zoneId: string;
  /** Name of that zone: checks come as its traffic does, with the certificate that gateways ask for. */
  readonly zone: string;
  /** Public host name of the platform. */
  readonly hostname: string;
  readonly originTls: OriginTls;
  /** One per region, in order of use: the active region comes first. */
  readonly origins: readonly EdgeOrigin[];
}

/**
 * Sends users to the first healthy region of the list. A standby region that receives them before its promotion serves
 * reads and refuses orders; its engines decide that, not the edge.
 */
export class EdgeLoadBalancer extends Construct {
  constructor(scope: Construct, id: string, props: EdgeLoadBalancerProps) {
    super(scope, id);
    const { zoneId, hostname, origins } = props;
    const monitor = this.monitor(props);
    const pools = origins.map((origin) => this.pool(props, origin, monitor.id).id);
    const [first] = pools;
    if (!first) throw new Error(`${this.node.path}: ${hostname} has no origin; name the active region's`);
    const balancer = new LoadBalancer(this, "balancer", {
      zoneId,
      name: hostname,
      description: "The active region, then the standby",
      defaultPools: pools,
      // When every region looks ill, the checks are more likely wrong than all of them: try the active one.
      fallbackPool: first,
      steeringPolicy: "off",
      proxied: true,
      adaptiveRouting: { failoverAcrossPools: true },
    });
    balancer.overrideLogicalId("edge_load_balancer");
  }

  private monitor({ accountId, hostname, zone, originTls }: EdgeLoadBalancerProps): LoadBalancerMonitor {
    return new LoadBalancerMonitor(this, "monitor", {
      accountId,
      description: `Gateways of ${hostname}`,
      type: "https",
      method: "GET",
      path: HEALTH_PATH,
      port: HTTPS_PORT,
      header: { Host: [hostname] },
      // Without it checks bring no client certificate, and every gateway answers 400.
      // Source: Cloudflare Load Balancing docs, "Monitors", property "Simulate zone".
      probeZone: zone,
      expectedCodes: "200",
      interval: CHECK_INTERVAL_SECONDS,
      timeout: CHECK_TIMEOUT_SECONDS,
      retries: 1,
      consecutiveDown: 2,
      consecutiveUp: 2,
      followRedirects: false,
      allowInsecure: originTls !== "strict",
    });
  }

  private pool(
    { accountId, names }: EdgeLoadBalancerProps,
    { region, host }: EdgeOrigin,
    monitor: string,
  ): LoadBalancerPool {
    const pool = new LoadBalancerPool(this, `pool-${region}`, {
      accountId,
      name: names.in(region).of("origin"),
      description: `Gateways in ${region}`,
      monitor,
      minimumOrigins: 1,
      enabled: true,
      origins: [{ name: region, address: host, enabled: true, weight: 1 }],
    });
    pool.overrideLogicalId(`edge_pool_${region}`);
    return pool;
  }
}
