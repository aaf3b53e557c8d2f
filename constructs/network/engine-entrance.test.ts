import { engineHost, Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { EngineEntrance, type EngineEntranceProps } from "./engine-entrance";

const props: EngineEntranceProps = {
  names: new Names("production", "eu-central-1"),
  vpcId: "vpc-1",
  vpcCidr: "10.20.0.0/16",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  replicationPort: 7400,
  apiPort: 7443,
  host: engineHost("example.com", "eu-central-1"),
  zoneId: "zone",
  peerCidr: "10.10.0.0/16",
  protect: true,
};
const entrance = (changes: Partial<EngineEntranceProps> = {}) =>
  Synthesized.of((scope) => {
    new EngineEntrance(scope, "entrance", { ...props, ...changes });
  });

describe("EngineEntrance", () => {
  it("has private addresses only, and is not deleted by a plan or by hand", () => {
    expect(entrance().the("aws_lb")).toMatchObject({
      load_balancer_type: "network",
      internal: true,
      enable_deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(entrance({ protect: false }).the("aws_lb")).toMatchObject({ enable_deletion_protection: false });
  });

  it("lets in the other region alone, on the ports of the journal and of the API, and listens on the same", () => {
    const openings = entrance().all("aws_vpc_security_group_ingress_rule");
    expect(openings.map(({ cidr_ipv4, from_port, to_port }) => [cidr_ipv4, from_port, to_port])).toEqual([
      ["10.10.0.0/16", 7400, 7400],
      ["10.10.0.0/16", 7443, 7443],
    ]);
    const listeners = entrance().all("aws_lb_listener");
    expect(new Map(listeners.map(({ port, protocol }) => [port, protocol]))).toEqual(
      new Map([
        [7400, "TCP"],
        [7443, "TCP"],
      ]),
    );
  });

  it("asks the engine for its health on another port, since a connection to this one would look like a peer", () => {
    const groups = entrance().all("aws_lb_target_group");
    expect(groups.map(({ port }) => port)).toEqual([7400, 7443]);
    for (const group of groups) {
      expect(group).toMatchObject({
        target_type: "ip",
        preserve_client_ip: "false",
        health_check: { protocol: "HTTPS", port: "7443", path: "/live" },
      });
    }
  });

  it("is found by the region's fixed name", () => {
    expect(entrance().the("aws_route53_record")).toMatchObject({
      name: "engine-eu-central-1.aws.example.com",
      type: "A",
    });
  });

  it("has target groups that pods find by their names, whatever the region's length", () => {
    expect(
      entrance()
        .all("aws_lb_target_group")
        .map(({ name }) => name),
    ).toEqual(["hft-production-euc1-engine", "hft-production-euc1-engine-api"]);
    const far = new Names("production", "ap-northeast-1");
    const names = [EngineEntrance.nameOf(far), EngineEntrance.apiNameOf(far)];
    expect(names).toEqual(["hft-production-apne1-engine", "hft-production-apne1-engine-api"]);
  });
});
