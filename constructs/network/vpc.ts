import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc as AwsVpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import type { Names, ZonePlan } from "../../vocabulary";

export interface VpcProps {
  readonly names: Names;
  /** Address range, /16 to /20. */
  readonly cidr: string;
  /** Ranges of the subnets, zone by zone; `planSubnets` lays them. */
  readonly subnets: readonly ZonePlan[];
  /** One NAT gateway is cheap; one a zone survives the loss of a zone. */
  readonly natGateways: "one" | "one-per-zone";
}

/**
 * The network of one region: in every zone a public, a private and a database subnet. Private subnets leave through
 * NAT, database subnets do not leave at all. Use `OnPremisesLink` to join a site and `VpcEndpoints` to
 * reach AWS services without the internet.
 */
export class Vpc extends Construct {
  readonly vpcId: string;
  readonly cidr: string;
  private readonly plans: readonly ZonePlan[];
  private readonly publicSubnets: Subnet[];
  private readonly privateSubnets: Subnet[];
  private readonly databaseSubnets: Subnet[];
  private readonly privateTables: RouteTable[];
  private readonly databaseTable: RouteTable;

  constructor(scope: Construct, id: string, props: VpcProps) {
    super(scope, id);
    const vpc = new AwsVpc(this, "vpc", {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: props.names.of("vpc") },
    });
    vpc.overrideLogicalId("vpc");
    this.vpcId = vpc.id;
    this.cidr = props.cidr;
    this.plans = props.subnets;
    this.publicSubnets = this.subnets(props.names, "public", ({ publicCidr }) => publicCidr);
    this.privateSubnets = this.subnets(props.names, "private", ({ privateCidr }) => privateCidr);
    this.databaseSubnets = this.subnets(props.names, "database", ({ databaseCidr }) => databaseCidr);
    this.routePublic(props.names);
    this.privateTables = this.routePrivate(props);
    this.databaseTable = this.table(props.names, "database");
    this.databaseSubnets.forEach((subnet, index) => {
      this.associate(`database-${this.letter(index)}`, subnet, this.databaseTable);
    });
  }

  /** Ids of the subnets with a route from the internet, in zone order. */
  get publicSubnetIds(): string[] {
    return this.publicSubnets.map(({ id }) => id);
  }

  /** Ids of the subnets for nodes and pods, in zone order. */
  get privateSubnetIds(): string[] {
    return this.privateSubnets.map(({ id }) => id);
  }

  /** Ids of the subnets for databases, caches and brokers, in zone order. */
  get databaseSubnetIds(): string[] {
    return this.databaseSubnets.map(({ id }) => id);
  }

  /** Ids of the route tables that need to know a private destination: those of private and database subnets. */
  get internalRouteTableIds(): string[] {
    return [...this.privateTables, this.databaseTable].map(({ id }) => id);
  }

  private letter(index: number): string {
    return this.plans[index]!.zone.slice(-1);
  }

  private subnets(names: Names, kind: "public" | "private" | "database", cidr: (plan: ZonePlan) => string): Subnet[] {
    // The AWS Load Balancer Controller finds its subnets by these tags.
    const role = {
      public: { "kubernetes.io/role/elb": "1" },
      private: { "kubernetes.io/role/internal-elb": "1" },
      database: {},
    };
    return this.plans.map((plan, index) => {
      const letter = this.letter(index);
      const subnet = new Subnet(this, `${kind}-${letter}`, {
        vpcId: this.vpcId,
        availabilityZone: plan.zone,
        cidrBlock: cidr(plan),
        // Load balancers and NAT gateways get their addresses otherwise; nothing else belongs into a public subnet.
        mapPublicIpOnLaunch: false,
        tags: { Name: names.of(`${kind}-${letter}`), ...role[kind] },
      });
      subnet.overrideLogicalId(`${kind}_${letter}`);
      return subnet;
    });
  }

  private routePublic(names: Names): void {
    const gateway = new InternetGateway(this, "internet", { vpcId: this.vpcId, tags: { Name: names.of("internet") } });
    const table = this.table(names, "public");
    new Route(this, "public-internet", {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    this.publicSubnets.forEach((subnet, index) => {
      this.associate(`public-${this.letter(index)}`, subnet, table);
    });
  }

  private routePrivate({ names, natGateways }: VpcProps): RouteTable[] {
    const nats = (natGateways === "one" ? this.publicSubnets.slice(0, 1) : this.publicSubnets).map((subnet, index) => {
      const name = `nat-${this.letter(index)}`;
      const address = new Eip(this, `${name}-address`, { domain: "vpc", tags: { Name: names.of(name) } });
      return new NatGateway(this, name, {
        subnetId: subnet.id,
        allocationId: address.id,
        tags: { Name: names.of(name) },
      });
    });
    return this.privateSubnets.map((subnet, index) => {
      const name = `private-${this.letter(index)}`;
      const table = this.table(names, name);
      const nat = nats[index] ?? nats[0]!;
      new Route(this, `${name}-internet`, {
        routeTableId: table.id,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: nat.id,
      });
      this.associate(name, subnet, table);
      return table;
    });
  }

  private table(names: Names, name: string): RouteTable {
    return new RouteTable(this, `${name}-routes`, { vpcId: this.vpcId, tags: { Name: names.of(name) } });
  }

  private associate(name: string, subnet: Subnet, table: RouteTable): void {
    new RouteTableAssociation(this, `${name}-association`, { subnetId: subnet.id, routeTableId: table.id });
  }
}
