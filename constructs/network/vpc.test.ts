import { Testing } from "cdktf";
import type { Construct } from "constructs";
import { Names, planSubnets } from "../../vocabulary";
import { OnPremisesLink } from "./on-premises-link";
import { Vpc, type VpcProps } from "./vpc";
import { PRIVATE_CLUSTER_SERVICES, VpcEndpoints } from "./vpc-endpoints";

const names = new Names("production", "eu-west-1");
const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
type Resources = Record<string, Record<string, Record<string, unknown>>>;

function synthesize(build: (vpc: Vpc, scope: Construct) => void = () => {}, props: Partial<VpcProps> = {}): Resources {
  return JSON.parse(
    Testing.synthScope((scope) => {
      const vpc = new Vpc(scope, "network", {
        names,
        cidr: "10.10.0.0/16",
        subnets: planSubnets("10.10.0.0/16", zones),
        natGateways: "one-per-zone",
        ...props,
      });
      build(vpc, scope);
    }),
  ).resource;
}

describe("Vpc", () => {
  it("keeps the ids of what cannot be replaced lightly, wherever it stands in the tree", () => {
    const resources = synthesize();
    expect(Object.keys(resources.aws_vpc!)).toEqual(["vpc"]);
    expect(Object.keys(resources.aws_subnet!)).toContain("database_a");
  });

  it("gives every zone its own way out, so that a zone can be lost", () => {
    const resources = synthesize();
    expect(Object.keys(resources.aws_nat_gateway!)).toHaveLength(3);
    const gateways = Object.values(resources.aws_route!)
      .map((route) => route.nat_gateway_id)
      .filter(Boolean);
    expect(new Set(gateways).size).toBe(3);
  });

  it("saves two NAT gateways where a zone need not be survived", () => {
    expect(Object.keys(synthesize(undefined, { natGateways: "one" }).aws_nat_gateway!)).toHaveLength(1);
  });

  it("gives database subnets no route to the internet", () => {
    const resources = synthesize();
    const tables = Object.values(resources.aws_route_table_association!)
      .filter(({ subnet_id }) => String(subnet_id).includes("database"))
      .map(({ route_table_id }) => route_table_id);
    const routed = Object.values(resources.aws_route!).map(({ route_table_id }) => route_table_id);
    expect(new Set(tables).size).toBe(1);
    expect(routed).not.toContain(tables[0]);
  });

  it("gives no machine a public address by default", () => {
    expect(Object.values(synthesize().aws_subnet!).every((subnet) => subnet.map_public_ip_on_launch === false)).toBe(
      true,
    );
  });
});

describe("VpcEndpoints", () => {
  const endpoints = (services: readonly string[]) =>
    synthesize((vpc, scope) => {
      new VpcEndpoints(scope, "endpoints", {
        names,
        vpcId: vpc.vpcId,
        vpcCidr: vpc.cidr,
        subnetIds: vpc.privateSubnetIds,
        routeTableIds: vpc.internalRouteTableIds,
        interfaceServices: services,
      });
    });

  it("always keeps S3 and DynamoDB inside, which costs nothing", () => {
    const services = Object.values(endpoints([]).aws_vpc_endpoint!).map(({ service_name }) => service_name);
    expect(services.sort()).toEqual(["com.amazonaws.eu-west-1.dynamodb", "com.amazonaws.eu-west-1.s3"]);
  });

  it("lets a private cluster's nodes reach AWS from the VPC only", () => {
    const resources = endpoints(PRIVATE_CLUSTER_SERVICES);
    expect(Object.values(resources.aws_vpc_endpoint!)).toHaveLength(2 + PRIVATE_CLUSTER_SERVICES.length);
    expect(Object.values(resources.aws_vpc_security_group_ingress_rule!)).toEqual([
      expect.objectContaining({ cidr_ipv4: "10.10.0.0/16", from_port: 443, to_port: 443 }),
    ]);
  });
});

describe("OnPremisesLink", () => {
  it("announces the VPC to the site and teaches every internal route table the way there", () => {
    const resources = synthesize((vpc, scope) => {
      new OnPremisesLink(scope, "site", {
        names,
        vpcId: vpc.vpcId,
        vpcCidr: vpc.cidr,
        routeTableIds: vpc.internalRouteTableIds,
        vpn: { gatewayAddress: "203.0.113.10", bgpAsn: 65010 },
        directConnect: { connectionId: "dxcon-fg5678gh", amazonSideAsn: 64513, bgpAsn: 65010, vlan: 101 },
      });
    });
    expect(Object.values(resources.aws_vpn_gateway_route_propagation!)).toHaveLength(4);
    expect(Object.values(resources.aws_dx_gateway_association!)[0]).toMatchObject({
      allowed_prefixes: ["10.10.0.0/16"],
    });
    expect(Object.values(resources.aws_vpn_connection!)[0]).toMatchObject({
      static_routes_only: false,
      tunnel1_ike_versions: ["ikev2"],
      preshared_key_storage: "SecretsManager",
    });
  });
});
