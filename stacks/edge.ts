import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import type { Construct } from "constructs";
import { EdgeLoadBalancer, EdgeRules } from "../constructs";
import type { Environment } from "../environments";
import { originHost } from "../vocabulary";
import { globalContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/**
 * The way of users to the active region: rules and the load balancer at Cloudflare. It lives in the last region, so
 * that losing the first one leaves it deployable, and knows origins by fixed names, so that it reads neither region.
 */
export class EdgeStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, layer: "edge" });
    const { edge, regions, active, standby } = environment;
    const { edgeZoneId: zoneId } = globalContract.read(this, this.names.in(regions.at(-1)!.name));
    new CloudflareProvider(this, "cloudflare", {});
    new EdgeRules(this, "rules", { names: this.names, zoneId, rateLimitAction: edge.rateLimitAction });
    new EdgeLoadBalancer(this, "load-balancer", {
      names: this.names,
      accountId: edge.cloudflareAccountId,
      zoneId,
      zone: edge.zone,
      hostname: edge.hostname,
      originTls: edge.ssl,
      origins: [active, ...(standby ? [standby] : [])].map(({ name }) => ({
        region: name,
        host: originHost(edge.zone, name),
      })),
    });
  }
}
