import { requires } from "@hft/testing";
import type { IContainer, IProbe } from "kubernetes-models/v1";
import { GATEWAY_PORTS, synthesizeManifests } from "../../charts";
import { EVERY_SITE } from "../../charts/testing/every-site";
import { ask } from "../../charts/testing/gateway-client";
import { podTemplates } from "../../charts/testing/pod-templates";
import { mayConnect } from "../../charts/testing/reachability";
import { RealNginx } from "../../charts/testing/real-nginx";
import { OriginLoadBalancer } from "../../constructs";
import { Synthesized } from "../../constructs/testing/synthesized";
import { Names } from "../../vocabulary";

/** What AWS asks a target, as Terraform is told. */
const balancer = Synthesized.of((scope) => {
  new OriginLoadBalancer(scope, "origin", {
    names: new Names("production", "eu-west-1"),
    vpcId: "vpc-1",
    vpcCidr: "10.10.0.0/16",
    publicSubnetIds: ["subnet-a"],
    gatewayPort: GATEWAY_PORTS.https,
    host: "origin.example.com",
    zoneId: "zone",
    allowedRanges: ["173.245.48.0/20"],
    protect: false,
  });
}).the("aws_lb_target_group") as unknown as {
  readonly port: number;
  readonly health_check: { readonly protocol: string; readonly path: string; readonly matcher: string };
};

requires("nginx", "openssl")("who asks the origin for its health", () => {
  let nginx: RealNginx;
  beforeAll(async () => {
    // No engine and no pages: the answer is about NGINX alone.
    nginx = await RealNginx.prepare({ engines: ["127.0.0.1:1"], frontend: "127.0.0.1:1", logPort: 5531 });
    await nginx.start();
  });
  afterAll(() => nginx.stop());

  it("is told 200 when it is Cloudflare's monitor and shows the zone's certificate", async () => {
    expect((await ask(nginx, { path: "/health" })).status).toBe(200);
  });

  it.each([
    ["none", () => "none" as const, /No required SSL certificate was sent/],
    ["one of another authority", () => nginx.stranger, /The SSL certificate error/],
  ])("is told 400 with %s: no monitor of somebody else's finds the origin well", async (_, identity, why) => {
    const { status, body } = await ask(nginx, { path: "/health", identity: identity() });
    expect(status).toBe(400);
    expect(body).toMatch(why);
  });

  it("is told 200 when it is the load balancer, which asks an address, by TLS and without a certificate", async () => {
    const { protocol, path, matcher } = balancer.health_check;
    expect({ protocol, port: balancer.port }).toEqual({ protocol: "HTTPS", port: GATEWAY_PORTS.https });
    const { status } = await ask(nginx, { path, host: "10-10-3-9.example", identity: "none" });
    expect(String(status)).toBe(matcher);
  });

  describe.each(EVERY_SITE)("in %s", (_, environment, region) => {
    const objects = synthesizeManifests(environment, region);
    const pod = podTemplates(objects).find(({ labels }) => labels["app.kubernetes.io/name"] === "gateway")!;
    const { startupProbe, livenessProbe, readinessProbe } = pod.spec.containers.find(
      ({ name }) => name === "nginx",
    ) as IContainer;
    const probes = { startupProbe, livenessProbe, readinessProbe } as Record<string, IProbe>;

    it.each(Object.entries(probes))("is told 200 when it is the kubelet with its %s", async (_, probe) => {
      const { port, scheme, path } = probe.httpGet!;
      const plain = scheme !== "HTTPS";
      expect(port).toBe(plain ? GATEWAY_PORTS.http : GATEWAY_PORTS.https);
      expect((await ask(nginx, { path: path!, plain, host: "10-10-3-9.example", identity: "none" })).status).toBe(200);
    });

    it("is let through by the network policy: the load balancer's addresses and Cloudflare's, on the one port", () => {
      const gateway = { name: "gateway", namespace: pod.namespace, labels: pod.labels };
      const inRegion = environment.regions.find(({ name }) => name === region)!.cidr.split("/")[0]!;
      for (const address of [inRegion, "173.245.48.1"]) {
        const from = { name: "checker", address };
        expect(mayConnect(objects, from, gateway, GATEWAY_PORTS.https)).toBe(true);
        expect(mayConnect(objects, from, gateway, GATEWAY_PORTS.tokens)).toBe(false);
      }
    });
  });
});
