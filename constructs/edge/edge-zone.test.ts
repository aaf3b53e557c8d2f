import { Synthesized } from "../testing/synthesized";
import { EdgeZone, type EdgeZoneProps } from "./edge-zone";

const props: EdgeZoneProps = { accountId: "account", zone: "example.com", originTls: "strict", protect: true };
const zone = (changes: Partial<EdgeZoneProps> = {}) =>
  Synthesized.of((scope) => {
    const edge = new EdgeZone(scope, "edge", { ...props, ...changes });
    edge.delegate({ zone: "aws.example.com", nameServers: ["a.ns", "b.ns", "c.ns", "d.ns"] });
    edge.proveIn("aws.example.com", "trade.example.com");
  });
const settings = (of: Synthesized) =>
  Object.fromEntries(of.all("cloudflare_zone_setting").map(({ setting_id, value }) => [setting_id, value]));

describe("EdgeZone", () => {
  it("has every setting that the platform asks for", () => {
    expect(settings(zone())).toEqual({
      ssl: "strict",
      always_use_https: "on",
      min_tls_version: "1.2",
      tls_1_3: "zrt",
      "0rtt": "on",
      tls_client_auth: "on",
      security_header: {
        strict_transport_security: {
          enabled: true,
          max_age: 2 * 365 * 24 * 3600,
          include_subdomains: true,
          preload: true,
          nosniff: true,
        },
      },
      automatic_https_rewrites: "on",
      opportunistic_encryption: "on",
      security_level: "medium",
      browser_check: "on",
      challenge_ttl: 1800,
      brotli: "on",
      websockets: "on",
      always_online: "off",
      development_mode: "off",
      sort_query_string_for_cache: "off",
    });
  });

  it("takes any certificate of the origin only where it is told to", () => {
    expect(settings(zone({ originTls: "full" }))).toMatchObject({ ssl: "full", tls_client_auth: "on" });
  });

  it("is signed", () => {
    expect(zone().the("cloudflare_zone_dnssec")).toMatchObject({ status: "active" });
  });

  it("leaves the origins' names to Route 53's four name servers", () => {
    const delegations = zone()
      .all("cloudflare_dns_record")
      .filter(({ type }) => type === "NS");
    expect(delegations.map(({ name }) => name)).toEqual(Array(4).fill("aws.example.com"));
    expect(new Set(delegations.map(({ content }) => content)).size).toBe(4);
  });

  it("lets a certificate be proved in the delegated zone", () => {
    expect(zone().all("cloudflare_dns_record")).toContainEqual(
      expect.objectContaining({
        type: "CNAME",
        name: "_acme-challenge.trade.example.com",
        content: "_acme-challenge.aws.example.com",
        proxied: false,
      }),
    );
  });

  it("is not destroyed by a plan where it is protected", () => {
    expect(zone().the("cloudflare_zone")).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(zone({ protect: false }).the("cloudflare_zone")).not.toHaveProperty("lifecycle");
    expect(zone().ids("cloudflare_zone")).toEqual(["edge_zone"]);
  });
});
