import { EDGE_PLANS, type EdgePlan } from "../account/edge";
import { type Check, later, missing, ok, unknown } from "../check";
import type { Needs } from "../needs";

export const EDGE_ACCOUNT: Check = {
  id: "PRE-EDG-1",
  title: "Cloudflare's token and account",
  instead: "Create a token with access to the account, or correct `edge.cloudflareAccountId`.",
  run: async ({ environment }, { edge }) => {
    const { cloudflareAccountId: id } = environment.edge;
    const status = await edge.tokenStatus();
    const token =
      status === "active"
        ? ok("token", status)
        : missing("token", status, "create a new one at Cloudflare, My Profile");
    const account = (await edge.accountVisible(id))
      ? ok(`account ${id}`, "reached")
      : missing(
          `account ${id}`,
          "the token has no access to it",
          "give the token access to this account, or correct the id",
        );
    return [token, account];
  },
};

export const EDGE_ZONE: Check = {
  id: "PRE-EDG-2",
  title: "name servers of the zone",
  instead: "Enter Cloudflare's name servers at the registrar of the zone.",
  run: async ({ environment }, { edge }) => {
    const { zone: name, cloudflareAccountId } = environment.edge;
    const zone = await edge.zone(cloudflareAccountId, name);
    const deploy = `deploy ${environment.name}-global, then enter the zone's name servers at the registrar`;
    if (!zone) return [later(name, "no zone yet", deploy)];
    if (zone.status === "active") return [ok(name, `active, ${zone.nameServers.join(" ")}`)];
    const remedy = `enter ${zone.nameServers.join(" and ")} at the registrar of ${name}`;
    return [missing(name, `${zone.status}: the registrar lists other name servers`, remedy)];
  },
};

interface Entitlement {
  readonly what: string;
  readonly needs: EdgePlan;
  readonly when: (needs: Needs) => boolean;
}

const edgeResources = (type: string) => (needs: Needs) => needs.resources.some((resource) => resource.type === type);
const rulesOf = (needs: Needs, phase: string) =>
  needs.resources
    .filter(({ type, body }) => type === "cloudflare_ruleset" && body.phase === phase)
    .flatMap(({ body }) => (body.rules ?? []) as readonly { action?: string; expression?: string }[]);

/**
 * What the configuration uses and Cloudflare sells with a plan only.
 * Sources, read November 2026: Cloudflare WAF docs, "Rate limiting rules: availability" (fields of expressions by
 * plan), and DNS docs, "Subdomain setup". Unverified: that Log is Enterprise's (a third party quotes "Actions") and
 * managed rules Pro's.
 */
const ENTITLEMENTS: readonly Entitlement[] = [
  {
    what: "a rate limit that looks at the method",
    needs: "business",
    when: (needs) =>
      rulesOf(needs, "http_ratelimit").some(({ expression }) => expression?.includes("http.request.method")),
  },
  {
    what: "a rate limit that only logs (edge.rateLimitAction)",
    needs: "enterprise",
    when: (needs) => rulesOf(needs, "http_ratelimit").some(({ action }) => action === "log"),
  },
  {
    what: "Cloudflare's managed rules",
    needs: "pro",
    when: (needs) => rulesOf(needs, "http_request_firewall_managed").length > 0,
  },
  {
    what: "a zone of its own for a subdomain",
    needs: "enterprise",
    // Under a public suffix of two labels such as co.uk this asks too much; the zone's page at Cloudflare tells.
    when: ({ environment }) => environment.edge.zone.split(".").length > 2,
  },
];

export const EDGE_PLAN: Check = {
  id: "PRE-EDG-3",
  title: "Cloudflare's plan",
  instead: "Order the required plan, or remove the settings that need it.",
  run: async (needs, { edge }) => {
    const { zone: name, cloudflareAccountId } = needs.environment.edge;
    const used = ENTITLEMENTS.filter(({ when }) => when(needs));
    const plan = (await edge.zone(cloudflareAccountId, name))?.plan;
    const plans = used.map(({ what, needs: least }) => {
      if (plan === undefined)
        return later(what, `needs the plan ${least}`, `order it for ${name} when the zone is made`);
      if (EDGE_PLANS.indexOf(plan) >= EDGE_PLANS.indexOf(least)) return ok(what, `plan ${plan}`);
      const remedy = `order the plan ${least} for ${name}, or change edge in environments/${needs.environment.name}.ts`;
      return missing(what, `plan ${plan}, needs ${least}`, remedy);
    });
    if (!edgeResources("cloudflare_load_balancer")(needs)) return plans;
    const bought = await edge.loadBalancing(cloudflareAccountId);
    const balancing = bought
      ? ok("load balancing", "subscribed")
      : unknown("load balancing", "not part of any subscription", "look at Cloudflare, Manage Account, Subscriptions");
    return [...plans, balancing];
  },
};

/** Cloudflare marks settings that the zone's plan fixes; changing one is an error of the deploy. */
export const EDGE_SETTINGS: Check = {
  id: "PRE-EDG-4",
  title: "zone settings that can be changed",
  instead: "Order a plan that has these settings, or remove them.",
  run: async ({ environment, resources }, { edge }) => {
    const wanted = resources
      .filter(({ type }) => type === "cloudflare_zone_setting")
      .map(({ body }) => body.setting_id);
    const { zone: name, cloudflareAccountId } = environment.edge;
    const zone = await edge.zone(cloudflareAccountId, name);
    const subject = `${wanted.length} settings of ${name}`;
    if (!zone) return [later(subject, "no zone yet", `deploy ${environment.name}-global, then ask again`)];
    const fixed = (await edge.fixedSettings(zone.id)).filter((id) => wanted.includes(id));
    if (fixed.length === 0) return [ok(subject, "all can be changed")];
    const remedy = "order a plan that has them, or remove them from constructs/edge/zone-settings.ts";
    return [missing(subject, `fixed by the plan ${zone.plan}: ${fixed.join(", ")}`, remedy)];
  },
};
