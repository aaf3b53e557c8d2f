import { Ruleset, type RulesetRules } from "@cdktf/provider-cloudflare/lib/ruleset";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

const YEAR_SECONDS = 365 * 24 * 3600;

/** Cloudflare's own rulesets, by their fixed ids. Source: Cloudflare WAF documentation, "Managed rules". */
const MANAGED_RULESETS = {
  "Cloudflare Managed Ruleset": "efb7b8c949ac4650a09736fc376e9aee",
  "OWASP Core Ruleset": "4814384a9e5d4991b9815dcfc25d2f1f",
} as const;

const API_RATE = { requests: 1000, periodSeconds: 60, blockedSeconds: 60 } as const;

/**
 * Every method that the API has, and those that a server answers beside them: HEAD like GET (RFC 9110 9.3.2), OPTIONS
 * for browsers. One that is left out is one without a limit.
 */
export const LIMITED_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Paths that are for internal use only. */
const INTERNAL_PATHS = ["/metrics", "/debug/"] as const;

export interface EdgeRulesProps {
  readonly names: Names;
  readonly zoneId: string;
  /** Action for a client that exceeds the API's rate limit; `log` only records which clients it would affect. */
  readonly rateLimitAction: "log" | "block";
}

type Phase =
  | "http_request_firewall_custom"
  | "http_ratelimit"
  | "http_request_firewall_managed"
  | "http_request_cache_settings";

/** Cloudflare's rules for requests: block, rate-limit, inspect, and serve from cache. */
export class EdgeRules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EdgeRulesProps,
  ) {
    super(scope, id);
    this.rules("firewall", "http_request_firewall_custom", [refuseInternalPaths()]);
    this.rules("rate-limit", "http_ratelimit", [limitApi(props.rateLimitAction)]);
    this.rules("managed-rules", "http_request_firewall_managed", inspectRequests());
    this.rules("cache", "http_request_cache_settings", [keepBuildFiles(), passApi()]);
  }

  /** Cloudflare has one ruleset a zone and phase. */
  private rules(id: string, phase: Phase, rules: RulesetRules[]): void {
    const { names, zoneId } = this.props;
    new Ruleset(this, id, { zoneId, kind: "zone", name: names.of(id), phase, rules });
  }
}

const startsWith = (path: string): string => `starts_with(http.request.uri.path, "${path}")`;

function refuseInternalPaths(): RulesetRules {
  return {
    ref: "internal-paths",
    description: "Metrics and order books' internals are for the platform itself",
    expression: INTERNAL_PATHS.map(startsWith).join(" or "),
    action: "block",
    enabled: true,
  };
}

function limitApi(action: EdgeRulesProps["rateLimitAction"]): RulesetRules {
  return {
    ref: "api-rate",
    description: "Calls of the API by one client",
    expression: `${startsWith("/api/")} and http.request.method in {${LIMITED_METHODS.map((method) => `"${method}"`).join(" ")}}`,
    action,
    enabled: true,
    ratelimit: {
      // Counters are kept by data centre, so Cloudflare demands it beside the client's address.
      characteristics: ["cf.colo.id", "ip.src"],
      period: API_RATE.periodSeconds,
      requestsPerPeriod: API_RATE.requests,
      mitigationTimeout: API_RATE.blockedSeconds,
    },
  };
}

function inspectRequests(): RulesetRules[] {
  return Object.entries(MANAGED_RULESETS).map(([description, id]) => ({
    ref: description.toLowerCase().replaceAll(" ", "-"),
    description,
    expression: "true",
    action: "execute",
    actionParameters: { id },
    enabled: true,
  }));
}

/** Build files carry their content's hash in the name, so that a name's content never changes. */
function keepBuildFiles(): RulesetRules {
  const year = { mode: "override_origin", default: YEAR_SECONDS };
  return {
    ref: "build-files",
    description: "Build files for a year",
    expression: startsWith("/_next/static/"),
    action: "set_cache_settings",
    actionParameters: { cache: true, edgeTtl: year, browserTtl: year },
    enabled: true,
  };
}

function passApi(): RulesetRules {
  return {
    ref: "api",
    description: "The API is never cached",
    expression: startsWith("/api/"),
    action: "set_cache_settings",
    actionParameters: { cache: false },
    enabled: true,
  };
}
