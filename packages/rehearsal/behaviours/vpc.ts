import { AddressRange } from "@hft/toolkit";
import { CloudError } from "../cloud/cloud-error";
import type { JsonObject } from "../protocol/value";
import type { Behaviours, Resource } from "./behaviour";
import { zoneId } from "./zones";

/** Virtual networks: VPC, subnets, routes, gateways, endpoints. */
export const VPC: Behaviours = {
  aws_vpc: {
    id: "vpc-{hex:17}",
    apiNoun: "Vpc",
    computed: {
      arn: "arn:aws:ec2:{region}:{account}:vpc/{id}",
      default_network_acl_id: "acl-{hex:17}",
      default_route_table_id: "rtb-{hex:17}",
      default_security_group_id: "sg-{hex:17}",
      main_route_table_id: "rtb-{hex:17}",
      dhcp_options_id: "dopt-{hex:17}",
    },
    check: ({ attributes }) => rangeProblem(attributes.cidr_block, "InvalidVpc.Range"),
    notFound: { code: "InvalidVpcID.NotFound", message: "The vpc ID '{value}' does not exist" },
    inUse: { code: "DependencyViolation", message: "The vpc '{id}' has dependencies and cannot be deleted." },
  },
  aws_subnet: {
    id: "subnet-{hex:17}",
    computed: {
      arn: "arn:aws:ec2:{region}:{account}:subnet/{id}",
      availability_zone: "{region}a",
      availability_zone_id: ({ attributes, region }) => zoneId(String(attributes.availability_zone ?? `${region}a`)),
    },
    references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }],
    check: subnetFits,
    notFound: { code: "InvalidSubnetID.NotFound", message: "The subnet ID '{value}' does not exist" },
    inUse: { code: "DependencyViolation", message: "The subnet '{id}' has dependencies and cannot be deleted." },
  },
  aws_internet_gateway: {
    id: "igw-{hex:17}",
    computed: { arn: "arn:aws:ec2:{region}:{account}:internet-gateway/{id}" },
    references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }],
    unique: [
      {
        attributes: ["vpc_id"],
        code: "Resource.AlreadyAssociated",
        message: "network {vpc_id} already has an internet gateway attached",
      },
    ],
    notFound: { code: "InvalidInternetGatewayID.NotFound", message: "The internetGateway ID '{value}' does not exist" },
  },
  aws_eip: {
    id: "eipalloc-{hex:17}",
    apiNoun: "Address",
    computed: {
      arn: "arn:aws:ec2:{region}:{account}:elastic-ip/{id}",
      allocation_id: "{id}",
      public_ip: ({ attributes }) => `198.51.100.${(String(attributes.id).charCodeAt(12) * 7) % 254}`,
      domain: "vpc",
    },
    notFound: { code: "InvalidAllocationID.NotFound", message: "The allocation ID '{value}' does not exist" },
    inUse: { code: "InvalidIPAddress.InUse", message: "The address with allocation id {id} is in use." },
  },
  aws_nat_gateway: {
    id: "nat-{hex:17}",
    computed: {
      public_ip: ({ attributes, cloud }) =>
        cloud.list({ type: "aws_eip", id: String(attributes.allocation_id) })[0]?.attributes.public_ip ?? "",
      private_ip: "10.0.0.10",
      network_interface_id: "eni-{hex:17}",
    },
    references: [
      { attribute: "subnet_id", to: "aws_subnet", holds: true },
      { attribute: "allocation_id", to: "aws_eip", holds: true },
    ],
    unique: [
      {
        attributes: ["allocation_id"],
        code: "Resource.AlreadyAssociated",
        message: "resource {allocation_id} is already associated with another NAT gateway",
      },
    ],
    notFound: { code: "NatGatewayNotFound", message: "The Nat Gateway {value} was not found" },
  },
  aws_route_table: {
    id: "rtb-{hex:17}",
    computed: { arn: "arn:aws:ec2:{region}:{account}:route-table/{id}" },
    references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }],
    notFound: { code: "InvalidRouteTableID.NotFound", message: "The routeTable ID '{value}' does not exist" },
    inUse: { code: "DependencyViolation", message: "The routeTable '{id}' has dependencies and cannot be deleted." },
  },
  aws_vpc_peering_connection: {
    id: "pcx-{hex:17}",
    computed: { accept_status: "pending-acceptance", peer_owner_id: "{account}" },
    references: [
      { attribute: "vpc_id", to: "aws_vpc", holds: true },
      { attribute: "peer_vpc_id", to: "aws_vpc", holds: true },
    ],
    check: peersDoNotOverlap,
    notFound: {
      code: "InvalidVpcPeeringConnectionID.NotFound",
      message: "The vpcPeeringConnection ID '{value}' does not exist",
    },
  },
  // The other region's side of the same connection, under the same id.
  aws_vpc_peering_connection_accepter: {
    id: "{vpc_peering_connection_id}",
    computed: { accept_status: "active" },
    references: [{ attribute: "vpc_peering_connection_id", to: "aws_vpc_peering_connection" }],
  },
  aws_route: {
    id: "r-{route_table_id}{destination_cidr_block}{destination_ipv6_cidr_block}{destination_prefix_list_id}",
    computed: { state: "active", origin: "CreateRoute" },
    references: [
      { attribute: "route_table_id", to: "aws_route_table" },
      { attribute: "gateway_id", to: ["aws_internet_gateway", "aws_vpn_gateway"], except: /^local$/ },
      { attribute: "nat_gateway_id", to: "aws_nat_gateway" },
      { attribute: "vpc_peering_connection_id", to: "aws_vpc_peering_connection" },
    ],
    unique: [
      {
        attributes: ["route_table_id", "destination_cidr_block"],
        code: "RouteAlreadyExists",
        message: "The route identified by {destination_cidr_block} already exists.",
      },
    ],
  },
  aws_route_table_association: {
    id: "rtbassoc-{hex:17}",
    references: [
      { attribute: "route_table_id", to: "aws_route_table", holds: true },
      { attribute: "subnet_id", to: "aws_subnet" },
    ],
    unique: [
      {
        attributes: ["subnet_id"],
        code: "Resource.AlreadyAssociated",
        message: "the specified association for subnet {subnet_id} already exists",
      },
    ],
  },
  aws_network_acl: { id: "acl-{hex:17}", references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }] },
  aws_vpc_endpoint: {
    id: "vpce-{hex:17}",
    apiNoun: "VpcEndpoint",
    computed: {
      arn: "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}",
      state: "available",
      prefix_list_id: "pl-{hex:8}",
    },
    references: [
      { attribute: "vpc_id", to: "aws_vpc", holds: true },
      { attribute: "subnet_ids", to: "aws_subnet", holds: true },
      { attribute: "security_group_ids", to: "aws_security_group", holds: true },
      { attribute: "route_table_ids", to: "aws_route_table" },
    ],
    unique: [
      {
        attributes: ["vpc_id", "service_name"],
        code: "RouteAlreadyExists",
        message: "{vpc_id} already has an endpoint for {service_name}",
      },
    ],
  },
  aws_flow_log: {
    id: "fl-{hex:17}",
    computed: { arn: "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}" },
    references: [
      { attribute: "vpc_id", to: "aws_vpc" },
      { attribute: "iam_role_arn", to: "aws_iam_role", by: "arn" },
    ],
  },
};

/** Source: Amazon VPC Peering Guide, "Overlapping CIDR blocks". */
function peersDoNotOverlap({ attributes, cloud }: Resource): CloudError | undefined {
  const [own, peer] = [attributes.vpc_id, attributes.peer_vpc_id].map((id) =>
    AddressRange.tryParse(String(cloud.list({ type: "aws_vpc", id: String(id) })[0]?.attributes.cidr_block)),
  );
  if (!own || !peer || !own.overlaps(peer)) return undefined;
  return new CloudError("OverlappingCidrBlocks", "The VPCs of a peering connection have overlapping CIDR blocks.");
}

function rangeProblem(value: unknown, code: string): CloudError | undefined {
  const range = AddressRange.tryParse(String(value));
  if (!range || range.prefixLength < 16 || range.prefixLength > 28) {
    return new CloudError(code, `The CIDR '${value}' is invalid: a prefix of /16 to /28 is needed.`);
  }
  return undefined;
}

function subnetFits({ attributes, region, cloud, owner }: Resource): CloudError | undefined {
  const own = String(attributes.cidr_block);
  const [vpc] = cloud.list({ type: "aws_vpc", owner, id: String(attributes.vpc_id) });
  const network = AddressRange.tryParse(String(vpc?.attributes.cidr_block));
  const range = AddressRange.tryParse(own);
  if (!range || (network && !network.contains(range))) {
    return new CloudError("InvalidSubnet.Range", `The CIDR '${own}' is invalid for ${vpc?.attributes.cidr_block}.`);
  }
  const siblings = cloud.list({ type: "aws_subnet", owner, region });
  const conflict = siblings.find(
    (other) =>
      isNeighbour(attributes, other.attributes) &&
      range.overlaps(AddressRange.parse(String(other.attributes.cidr_block))),
  );
  return (
    conflict &&
    new CloudError("InvalidSubnet.Conflict", `The CIDR '${own}' conflicts with another subnet (${conflict.id})`)
  );
}

function isNeighbour(own: JsonObject, other: JsonObject): boolean {
  return other.vpc_id === own.vpc_id && other.id !== own.id;
}
