import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import type { Names } from "../vocabulary";

/** Kinds of value that a contract's field can have. */
type FieldKind = "string" | "list";
type Fields = Readonly<Record<string, FieldKind>>;
/** The values of a contract, as tokens or literals. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends "list" ? string[] : string };

/**
 * What a layer promises to those that are deployed after it: one JSON parameter in SSM, under a name that survives
 * every refactoring of the layer's code. cdktf's own cross-stack references would be named after construct paths, and
 * `terraform_remote_state` would need the other state's bucket.
 */
class Contract<F extends Fields> {
  constructor(
    /** `network`; the parameter is `/hft/<environment>/<region>/network`. */
    readonly layer: string,
    readonly fields: F,
  ) {}

  /**
   * Writes the values for one region.
   * @param names names of the region whose consumers read them; the parameter is written there
   */
  publish(scope: Construct, names: Names, values: Values<F>): void {
    new SsmParameter(scope, `contract-${names.region}`, {
      name: names.path(this.layer),
      description: `Contract of ${this.layer} for later layers`,
      type: "String",
      region: names.region,
      // Ids and endpoints, no secrets: readable in a plan.
      insecureValue: Fn.jsonencode(values),
    });
  }

  /** Reads the values in the stack's own region. The stack must also `addDependency` on the publisher. */
  read(scope: Construct, names: Names): Values<F> {
    return this.decode(new DataAwsSsmParameter(scope, `${this.layer}-contract`, { name: names.path(this.layer) }));
  }

  /** Reads the values of a region from anywhere: for the one stack that needs two regions at once. */
  readIn(scope: Construct, names: Names): Values<F> {
    const id = `${this.layer}-contract-${names.region}`;
    return this.decode(new DataAwsSsmParameter(scope, id, { name: names.path(this.layer), region: names.region }));
  }

  private decode(parameter: DataAwsSsmParameter): Values<F> {
    const decoded = Fn.jsondecode(parameter.insecureValue);
    const entries = Object.entries(this.fields).map(([field, kind]) => {
      const value = Fn.lookupNested(decoded, [field]);
      return [field, kind === "list" ? Token.asList(value) : Token.asString(value)];
    });
    return Object.fromEntries(entries) as Values<F>;
  }
}

/** Of the global layer; written in every region with that region's own values. */
export const globalContract = new Contract("global", {
  /** Key of the region, a primary or a replica of the same multi-region key. */
  keyArn: "string",
  /** The Route 53 zone of the origins. */
  originZoneId: "string",
  /** The Cloudflare zone of the users. */
  edgeZoneId: "string",
});

export const networkContract = new Contract("network", {
  vpcId: "string",
  /** One a zone, in the order of the environment's zones. */
  privateSubnetIds: "list",
  databaseSubnetIds: "list",
  /** Tables of the private and the database subnets: one a zone, and one. */
  internalRouteTableIds: "list",
  /** Security group of the origin load balancer. */
  originFirewallId: "string",
  /** Security group of the engine's entrance; empty in an environment of one region, which has none. */
  engineFirewallId: "string",
  /** By these CloudWatch knows the origin load balancer. */
  originLoadBalancer: "string",
  originTargetGroup: "string",
});

export const clusterContract = new Contract("cluster", {
  name: "string",
  endpoint: "string",
  certificateAuthority: "string",
  securityGroupId: "string",
  nodeRoleArn: "string",
  /** Auto Scaling groups of the pools that the cluster autoscaler changes. */
  systemGroup: "string",
  generalGroup: "string",
});

export const dataContract = new Contract("data", {
  /** `host:port`; of a replica, in the standby region. */
  databaseEndpoint: "string",
  databaseName: "string",
  /** `host:port` */
  cacheEndpoint: "string",
  cacheId: "string",
  kafkaBrokers: "string",
  kafkaClusterArn: "string",
});
