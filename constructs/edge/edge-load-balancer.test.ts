import fc from "fast-check";
import { Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { EdgeLoadBalancer, type EdgeLoadBalancerProps } from "./edge-load-balancer";

const origin = (region: string) => ({ region, host: `origin-${region}.aws.example.com` });
const props: EdgeLoadBalancerProps = {
  names: new Names("production", "global"),
  accountId: "account",
  zoneId: "zone",
  zone: "example.com",
  hostname: "trade.example.com",
  originTls: "strict",
  origins: [origin("eu-west-1"), origin("eu-central-1")],
};
const edge = (changes: Partial<EdgeLoadBalancerProps> = {}) =>
  Synthesized.of((scope) => {
    new EdgeLoadBalancer(scope, "balancer", { ...props, ...changes });
  });
const pools = (of: Synthesized) => of.the("cloudflare_load_balancer").default_pools as string[];

describe("EdgeLoadBalancer", () => {
  it("uses regions in the order that it is given, and no other steering", () => {
    expect(edge().the("cloudflare_load_balancer")).toMatchObject({
      name: "trade.example.com",
      steering_policy: "off",
      proxied: true,
    });
    expect(pools(edge())[0]).toContain("edge_pool_eu-west-1");
    expect(pools(edge())[1]).toContain("edge_pool_eu-central-1");
  });

  it("fails over by a change of order alone: neither a pool nor the balancer becomes another", () => {
    const regions = fc.shuffledSubarray(["eu-west-1", "eu-central-1", "us-east-1"], { minLength: 1 });
    fc.assert(
      fc.property(regions, (order) => {
        const after = edge({ origins: order.map(origin) });
        expect(pools(after).map((pool) => /edge_pool_([a-z0-9-]+)/.exec(pool)?.[1])).toEqual(order);
        expect(after.the("cloudflare_load_balancer").fallback_pool).toBe(pools(after)[0]);
        expect(after.ids("cloudflare_load_balancer_pool").sort()).toEqual(
          order.map((each) => `edge_pool_${each}`).sort(),
        );
      }),
      { numRuns: 10 },
    );
  });

  it("finds a lost region well within the five minutes of the recovery time objective", () => {
    const { interval, timeout, retries, consecutive_down } = edge().the("cloudflare_load_balancer_monitor") as Record<
      string,
      number
    >;
    expect(consecutive_down! * (interval! + timeout! * (retries! + 1))).toBeLessThanOrEqual(60);
  });

  it("asks gateways for their health as users do: by name, over TLS that is checked", () => {
    expect(edge().the("cloudflare_load_balancer_monitor")).toMatchObject({
      type: "https",
      path: "/health",
      header: { Host: ["trade.example.com"] },
      // Cloudflare API, "Create Monitor": `probe_zone` is a zone's name, "example.com".
      probe_zone: "example.com",
      allow_insecure: false,
    });
    expect(edge({ originTls: "full" }).the("cloudflare_load_balancer_monitor")).toMatchObject({ allow_insecure: true });
  });

  it("reaches each region by its fixed name", () => {
    const addresses = edge()
      .all("cloudflare_load_balancer_pool")
      .map(({ origins }) => (origins as { address: string }[])[0]!.address);
    expect(addresses.sort()).toEqual(["origin-eu-central-1.aws.example.com", "origin-eu-west-1.aws.example.com"]);
  });

  it("refuses to be without an origin", () => {
    expect(() => edge({ origins: [] })).toThrow("trade.example.com has no origin; name the active region's");
  });
});
