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
  /** Route tables that learn the way to the other side. */
  readonly routeTableIds: string[];
  /** How many they are: a list that only a deploy knows does not tell. */
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
 * Joins the networks of two regions, so that the active engine ships its journal to the one that stands by. Only
 * private addresses are routed, and AWS encrypts what crosses regions; who may speak to whom is for security groups to
 * say. Needs both regions, so it belongs into a stack that is only applied while both are there; once made, it outlives
 * the loss of either. Source: Amazon VPC Peering Guide, "Inter-Region VPC peering".
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
