import { Names } from "../../vocabulary";
import { type Attributes, Synthesized } from "../testing/synthesized";
import { EdgeRules } from "./edge-rules";

const edge = (rateLimitAction: "log" | "block" = "block") =>
  Synthesized.of((scope) => {
    new EdgeRules(scope, "rules", { names: new Names("production", "global"), zoneId: "zone", rateLimitAction });
  });
const rules = (phase: string, of = edge()) =>
  of.all("cloudflare_ruleset").find((ruleset) => ruleset.phase === phase)!.rules as Attributes[];

describe("EdgeRules", () => {
  it("keeps build files for a year, at the edge and in browsers, and never the API", () => {
    const year = { mode: "override_origin", default: 31_536_000 };
    expect(rules("http_request_cache_settings")).toMatchObject([
      {
        expression: 'starts_with(http.request.uri.path, "/_next/static/")',
        action_parameters: { cache: true, edge_ttl: year, browser_ttl: year },
      },
      { expression: 'starts_with(http.request.uri.path, "/api/")', action_parameters: { cache: false } },
    ]);
  });

  it("blocks a client for a minute after a thousand calls of the API in one", () => {
    expect(rules("http_ratelimit")).toMatchObject([
      {
        action: "block",
        expression:
          'starts_with(http.request.uri.path, "/api/") and http.request.method in {"GET" "HEAD" "POST" "PUT" "PATCH" "DELETE" "OPTIONS"}',
        ratelimit: {
          characteristics: ["cf.colo.id", "ip.src"],
          period: 60,
          requests_per_period: 1000,
          mitigation_timeout: 60,
        },
      },
    ]);
  });

  it("only tells whom it would block where it is told to log", () => {
    expect(rules("http_ratelimit", edge("log"))).toMatchObject([{ action: "log" }]);
  });

  it("has Cloudflare's and OWASP's rules look at every request", () => {
    expect(rules("http_request_firewall_managed")).toMatchObject([
      { action: "execute", expression: "true", action_parameters: { id: "efb7b8c949ac4650a09736fc376e9aee" } },
      { action: "execute", expression: "true", action_parameters: { id: "4814384a9e5d4991b9815dcfc25d2f1f" } },
    ]);
  });

  it("lets nobody see metrics and order books' internals from outside", () => {
    const [rule] = rules("http_request_firewall_custom");
    expect(rule).toMatchObject({ action: "block" });
    expect(rule!.expression).toContain('"/metrics"');
    expect(rule!.expression).toContain('"/debug/"');
  });

  it("names each rule, so that a change of one is a change of one", () => {
    const refs = edge()
      .all("cloudflare_ruleset")
      .flatMap((ruleset) => ruleset.rules as { ref?: string }[])
      .map(({ ref }) => ref);
    expect(refs).not.toContain(undefined);
    expect(new Set(refs).size).toBe(refs.length);
  });
});
