import { CustomerGateway } from "@cdktf/provider-aws/lib/customer-gateway";
import { DxGateway } from "@cdktf/provider-aws/lib/dx-gateway";
import { DxGatewayAssociation } from "@cdktf/provider-aws/lib/dx-gateway-association";
import { DxPrivateVirtualInterface } from "@cdktf/provider-aws/lib/dx-private-virtual-interface";
import { VpnConnection } from "@cdktf/provider-aws/lib/vpn-connection";
import { VpnGateway } from "@cdktf/provider-aws/lib/vpn-gateway";
import { VpnGatewayRoutePropagation } from "@cdktf/provider-aws/lib/vpn-gateway-route-propagation";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

/** Amazon's side of the BGP session on the VPN gateway; private ASN range, other than any site's. */
const VPN_GATEWAY_ASN = "64512";

export interface OnPremisesLinkProps {
  readonly names: Names;
  readonly vpcId: string;
  /** Range of the VPC, announced to the site. */
  readonly vpcCidr: string;
  /** Route tables that learn the site's ranges by BGP. */
  readonly routeTableIds: string[];
  /** @default - no VPN */
  readonly vpn?: { readonly gatewayAddress: string; readonly bgpAsn: number };
  /** @default - no Direct Connect */
  readonly directConnect?: {
    readonly connectionId: string;
    readonly amazonSideAsn: number;
    readonly bgpAsn: number;
    readonly vlan: number;
  };
}

/**
 * Connects the VPC with the networks of the exchange and the colocated site through site-to-site VPN, Direct Connect or
 * both. Routes are exchanged by BGP in both directions; AWS prefers Direct Connect, and the VPN takes over if it fails.
 */
export class OnPremisesLink extends Construct {
  constructor(scope: Construct, id: string, props: OnPremisesLinkProps) {
    super(scope, id);
    const { names } = props;
    const gateway = new VpnGateway(this, "gateway", {
      vpcId: props.vpcId,
      amazonSideAsn: VPN_GATEWAY_ASN,
      tags: { Name: names.of("site-gateway") },
    });
    props.routeTableIds.forEach((routeTableId, index) => {
      new VpnGatewayRoutePropagation(this, `propagation-${index}`, { vpnGatewayId: gateway.id, routeTableId });
    });
    if (props.vpn) this.connectVpn(names, gateway, props.vpn);
    if (props.directConnect) this.connectDirectly(props, gateway, props.directConnect);
  }

  private connectVpn(names: Names, gateway: VpnGateway, vpn: NonNullable<OnPremisesLinkProps["vpn"]>): void {
    const site = new CustomerGateway(this, "site", {
      bgpAsn: String(vpn.bgpAsn),
      ipAddress: vpn.gatewayAddress,
      type: "ipsec.1",
      tags: { Name: names.of("site") },
    });
    new VpnConnection(this, "vpn", {
      customerGatewayId: site.id,
      vpnGatewayId: gateway.id,
      type: "ipsec.1",
      staticRoutesOnly: false,
      // AWS makes the tunnels' keys and keeps them in Secrets Manager: no plan and no state shows them.
      presharedKeyStorage: "SecretsManager",
      tunnel1IkeVersions: ["ikev2"],
      tunnel2IkeVersions: ["ikev2"],
      tags: { Name: names.of("site-vpn") },
    });
  }

  private connectDirectly(
    { names, vpcCidr }: OnPremisesLinkProps,
    gateway: VpnGateway,
    link: NonNullable<OnPremisesLinkProps["directConnect"]>,
  ): void {
    const directConnect = new DxGateway(this, "direct-connect", {
      name: names.of("direct-connect"),
      amazonSideAsn: String(link.amazonSideAsn),
    });
    new DxGatewayAssociation(this, "direct-connect-vpc", {
      dxGatewayId: directConnect.id,
      associatedGatewayId: gateway.id,
      allowedPrefixes: [vpcCidr],
    });
    new DxPrivateVirtualInterface(this, "direct-connect-interface", {
      name: names.of("direct-connect"),
      connectionId: link.connectionId,
      dxGatewayId: directConnect.id,
      addressFamily: "ipv4",
      bgpAsn: link.bgpAsn,
      vlan: link.vlan,
    });
  }
}
