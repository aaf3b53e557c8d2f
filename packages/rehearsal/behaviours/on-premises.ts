import type { Behaviours } from "./behaviour";

/** Virtual private network and Direct Connect. */
export const ON_PREMISES: Behaviours = {
  aws_customer_gateway: {
    id: "cgw-{hex:17}",
    inUse: { code: "IncorrectState", message: "The customer gateway '{id}' is in use." },
  },
  aws_vpn_gateway: {
    id: "vgw-{hex:17}",
    references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }],
    notFound: { code: "InvalidVpnGatewayID.NotFound", message: "The vpnGateway ID '{value}' does not exist" },
    inUse: { code: "IncorrectState", message: "The vpnGateway '{id}' is in use." },
  },
  aws_vpn_connection: {
    id: "vpn-{hex:17}",
    computed: {
      tunnel1_address: "203.0.113.21",
      tunnel2_address: "203.0.113.22",
      tunnel1_preshared_key: "{hex:32}",
      tunnel2_preshared_key: "{hex:31}",
    },
    references: [
      { attribute: "customer_gateway_id", to: "aws_customer_gateway", holds: true },
      { attribute: "vpn_gateway_id", to: "aws_vpn_gateway", holds: true },
    ],
  },
  aws_vpn_gateway_route_propagation: {
    id: "{vpn_gateway_id}_{route_table_id}",
    references: [
      { attribute: "vpn_gateway_id", to: "aws_vpn_gateway" },
      { attribute: "route_table_id", to: "aws_route_table" },
    ],
  },
  aws_dx_gateway: { id: "{uuid}" },
  aws_dx_gateway_association: {
    id: "ga-{uuid}",
    references: [
      { attribute: "dx_gateway_id", to: "aws_dx_gateway", holds: true },
      { attribute: "associated_gateway_id", to: "aws_vpn_gateway", holds: true },
    ],
  },
  aws_dx_private_virtual_interface: {
    id: "dxvif-{hex:8}",
    references: [{ attribute: "dx_gateway_id", to: "aws_dx_gateway", holds: true }],
  },
};
