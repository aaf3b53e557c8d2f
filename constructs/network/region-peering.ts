import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

/** One end of a peering: the network of a region. */
export interface PeeredNetwork {
  /** Names of the region. */
  readonly names: Names;
  readonly vpcId: string;
  readonly cidr: string;
  /** Route tables that get a route to the other side. */
  readonly routeTableIds: string[];
  /** Their number, because the length of a list that is only known at deploy time is not available. */
  readonly routeTables: number;
}

export interface RegionPeeringProps {
  /**
   * Asks for the peering. Never changes sides with a failover: a peering that is made anew cuts both directions off.
   */
  readonly requester: PeeredNetwork;
  readonly accepter: PeeredNetwork;
}

/**
 * Connects the networks of two regions, so that the active engine can replicate its journal to the standby. Only
 * private addresses are routed, and AWS encrypts traffic between regions; security groups decide which connections are
 * allowed. It needs both regions, so it belongs in a stack that is only applied while both are available; once created,
 * it survives the loss of either. Source: Amazon VPC Peering Guide, "Inter-Region VPC peering".
 */
export class RegionPeering extends Construct {
  constructor(scope: Construct, id: string, { requester, accepter }: RegionPeeringProps) {
    super(scope, id);
    const name = `${requester.names.prefix}-${accepter.names.region}`;
    const connection = new VpcPeeringConnection(this, "connection", {
      region: requester.names.region,
      vpcId: requester.vpcId,
      peerVpcId: accepter.vpcId,
      peerRegion: accepter.names.region,
      tags: { Name: name },
    });
    const accepted = new VpcPeeringConnectionAccepterA(this, "accepter", {
      region: accepter.names.region,
      vpcPeeringConnectionId: connection.id,
      autoAccept: true,
      tags: { Name: name },
    });
    // The accepter's id is the connection's; a route that names it waits until it leads somewhere.
    this.route(requester, accepter, accepted.id);
    this.route(accepter, requester, accepted.id);
  }

  private route(from: PeeredNetwork, to: PeeredNetwork, vpcPeeringConnectionId: string): void {
    for (let index = 0; index < from.routeTables; index += 1) {
      new Route(this, `${from.names.region}-${index}`, {
        region: from.names.region,
        routeTableId: Fn.element(from.routeTableIds, index),
        destinationCidrBlock: to.cidr,
        vpcPeeringConnectionId,
      });
    }
  }
}
