import { Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { type PeeredNetwork, RegionPeering } from "./region-peering";

const network = (region: string, cidr: string): PeeredNetwork => ({
  names: new Names("production", region),
  vpcId: `vpc-${region}`,
  cidr,
  routeTableIds: ["rtb-a", "rtb-b", "rtb-database"],
  routeTables: 3,
});
const requester = network("eu-west-1", "10.10.0.0/16");
const accepter = network("eu-central-1", "10.20.0.0/16");
const peering = () =>
  Synthesized.of((scope) => {
    new RegionPeering(scope, "peering", { requester, accepter });
  });

describe("RegionPeering", () => {
  it("asks in one region and accepts in the other", () => {
    expect(peering().the("aws_vpc_peering_connection")).toMatchObject({
      region: "eu-west-1",
      vpc_id: "vpc-eu-west-1",
      peer_vpc_id: "vpc-eu-central-1",
      peer_region: "eu-central-1",
    });
    expect(peering().the("aws_vpc_peering_connection_accepter")).toMatchObject({
      region: "eu-central-1",
      auto_accept: true,
    });
  });

  it("shows every route table of both regions the way to the other range, and to nothing more", () => {
    const routes = peering()
      .all("aws_route")
      .map(({ region, destination_cidr_block }) => `${region} to ${destination_cidr_block}`);
    expect(routes.sort()).toEqual([
      ...Array(3).fill("eu-central-1 to 10.10.0.0/16"),
      ...Array(3).fill("eu-west-1 to 10.20.0.0/16"),
    ]);
  });

  it("makes routes only when the connection is accepted: before, they would lead nowhere", () => {
    for (const { vpc_peering_connection_id } of peering().all("aws_route")) {
      expect(vpc_peering_connection_id).toContain("aws_vpc_peering_connection_accepter");
    }
  });
});
