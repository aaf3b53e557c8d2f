import { Names, originHost } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { OriginLoadBalancer, type OriginLoadBalancerProps } from "./origin-load-balancer";

const names = new Names("production", "eu-central-1");
const props: OriginLoadBalancerProps = {
  names,
  vpcId: "vpc-1",
  vpcCidr: "10.20.0.0/16",
  publicSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  gatewayPort: 8443,
  host: originHost("example.com", "eu-central-1"),
  zoneId: "zone",
  allowedRanges: ["173.245.48.0/20", "103.21.244.0/22"],
  protect: true,
};
const origin = (changes: Partial<OriginLoadBalancerProps> = {}) =>
  Synthesized.of((scope) => {
    new OriginLoadBalancer(scope, "origin", { ...props, ...changes });
  });

describe("OriginLoadBalancer", () => {
  it("stands in every public subnet and is not deleted by a plan or by hand", () => {
    expect(origin().the("aws_lb")).toMatchObject({
      load_balancer_type: "network",
      internal: false,
      subnets: ["subnet-a", "subnet-b", "subnet-c"],
      enable_deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(origin({ protect: false }).the("aws_lb")).toMatchObject({ enable_deletion_protection: false });
  });

  it("lets in Cloudflare's ranges on 443, and out to the gateways alone", () => {
    const ingress = origin().all("aws_vpc_security_group_ingress_rule");
    expect(ingress.map(({ cidr_ipv4, from_port, to_port }) => [cidr_ipv4, from_port, to_port]).sort()).toEqual([
      ["103.21.244.0/22", 443, 443],
      ["173.245.48.0/20", 443, 443],
    ]);
    expect(origin().the("aws_vpc_security_group_egress_rule")).toMatchObject({
      cidr_ipv4: "10.20.0.0/16",
      from_port: 8443,
      to_port: 8443,
    });
  });

  it("hands TLS through, so that only the gateway holds the certificate's key", () => {
    expect(origin().the("aws_lb_listener")).toMatchObject({ port: 443, protocol: "TCP" });
    expect(origin().the("aws_lb_listener")).not.toHaveProperty("certificate_arn");
    expect(origin().the("aws_lb_target_group")).toMatchObject({ protocol: "TCP", port: 8443, target_type: "ip" });
  });

  it("shows the gateway who connects, so that only Cloudflare may name the client", () => {
    expect(origin().the("aws_lb_target_group")).toMatchObject({ preserve_client_ip: "true" });
  });

  it("has a target group that pods find by its name, whatever the region's length", () => {
    expect(origin().the("aws_lb_target_group").name).toBe("hft-production-euc1-origin");
    expect(OriginLoadBalancer.nameOf(new Names("production", "ap-northeast-1"))).toBe("hft-production-apne1-origin");
  });

  it("is found by the region's fixed name", () => {
    expect(origin().the("aws_route53_record")).toMatchObject({
      name: "origin-eu-central-1.aws.example.com",
      type: "A",
      alias: { name: expect.stringContaining("aws_lb.origin.dns_name") },
    });
  });

  it("asks pods for their health over TLS", () => {
    expect(origin().the("aws_lb_target_group")).toMatchObject({
      health_check: { protocol: "HTTPS", path: "/health", matcher: "200" },
    });
  });
});
