import { engineHost, Names } from "../naming/names";
import { Synthesized } from "../test-tools/synthesized";
import { EngineEntrance, type EngineEntranceProps } from "./engine-entrance";

const props: EngineEntranceProps = {
  names: new Names("production", "eu-central-1"),
  vpcId: "vpc-1",
  vpcCidr: "10.20.0.0/16",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  replicationPort: 7400,
  healthPort: 8080,
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

  it("lets in the other region alone, on the one port of the journal", () => {
    expect(entrance().the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.10.0.0/16",
      from_port: 7400,
      to_port: 7400,
    });
    expect(entrance().the("aws_lb_listener")).toMatchObject({ port: 7400, protocol: "TCP" });
  });

  it("asks the engine for its health on another port, since a connection to this one would look like a peer", () => {
    expect(entrance().the("aws_lb_target_group")).toMatchObject({
      port: 7400,
      target_type: "ip",
      preserve_client_ip: "false",
      health_check: { protocol: "HTTP", port: "8080", path: "/live" },
    });
  });

  it("is found by the region's fixed name", () => {
    expect(entrance().the("aws_route53_record")).toMatchObject({
      name: "engine-eu-central-1.aws.example.com",
      type: "A",
    });
  });

  it("has a target group that pods find by its name, whatever the region's length", () => {
    expect(entrance().the("aws_lb_target_group").name).toBe("hft-production-euc1-engine");
    expect(EngineEntrance.nameOf(new Names("production", "ap-northeast-1"))).toBe("hft-production-apne1-engine");
  });
});
