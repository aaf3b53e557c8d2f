import type { Behaviour, Behaviours } from "./behaviour";

const IN_ZONE: Behaviour = {
  id: "{hex:32}",
  references: [{ attribute: "zone_id", to: "cloudflare_zone", holds: true }],
};

/** DNS, rules and load balancing at Cloudflare. */
export const CLOUDFLARE: Behaviours = {
  cloudflare_zone: {
    id: "{hex:32}",
    computed: {
      name_servers: () => ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
      status: "active",
      type: "full",
    },
    unique: [{ attributes: ["name"], code: "1061", message: "{name} already exists" }],
    notFound: {
      code: "7003",
      message: "Could not route to /zones/{value}, perhaps your object identifier is invalid?",
    },
    inUse: { code: "1098", message: "zone {name} still has settings and records" },
  },
  cloudflare_zone_setting: { ...IN_ZONE, id: "{setting_id}/{zone_id}", computed: { editable: true } },
  cloudflare_zone_dnssec: {
    ...IN_ZONE,
    id: "{zone_id}",
    computed: { ds: "{zone_id}", digest: "{hex:64}", algorithm: "13" },
  },
  cloudflare_dns_record: {
    ...IN_ZONE,
    unique: [
      {
        attributes: ["zone_id", "name", "type", "content"],
        code: "81058",
        message: "An identical record already exists: {type} {name}",
      },
    ],
  },
  cloudflare_ruleset: {
    ...IN_ZONE,
    unique: [
      {
        attributes: ["zone_id", "phase"],
        code: "20217",
        message: "A similar configuration with rules already exists for phase {phase}",
      },
    ],
  },
  cloudflare_load_balancer_monitor: {
    id: "{hex:32}",
    inUse: { code: "1005", message: "monitor {id} is referenced by a pool" },
    notFound: { code: "1002", message: "monitor {value} is not found" },
  },
  cloudflare_load_balancer_pool: {
    id: "{hex:32}",
    references: [{ attribute: "monitor", to: "cloudflare_load_balancer_monitor", holds: true }],
    unique: [{ attributes: ["name"], code: "1002", message: "a pool with the name {name} already exists" }],
    inUse: { code: "1005", message: "pool {name} is referenced by a load balancer" },
    notFound: { code: "1002", message: "pool {value} is not found" },
  },
  cloudflare_load_balancer: {
    id: "{hex:32}",
    references: [
      { attribute: "zone_id", to: "cloudflare_zone", holds: true },
      { attribute: "default_pools", to: "cloudflare_load_balancer_pool", holds: true },
      { attribute: "fallback_pool", to: "cloudflare_load_balancer_pool", holds: true },
    ],
    unique: [{ attributes: ["zone_id", "name"], code: "1002", message: "a load balancer for {name} already exists" }],
  },
  cloudflare_authenticated_origin_pulls: { ...IN_ZONE, id: "{zone_id}" },
  cloudflare_authenticated_origin_pulls_settings: { ...IN_ZONE, id: "{zone_id}" },
};
