import type { HttpRequest, HttpResponse } from "./http-endpoint";
import type { AccountState } from "./services/service";

const PREFIX = "/client/v4";

/** The part of Cloudflare's API that tells what an account has bought. Source: Cloudflare API reference, v4. */
export function cloudflareApi(state: AccountState): (request: HttpRequest) => HttpResponse {
  return ({ url }) => {
    const path = url.pathname.slice(PREFIX.length);
    const result = answer(path, url.searchParams, state);
    if (result === undefined) return envelope(404, null, "not found");
    return envelope(200, result);
  };
}

function envelope(status: number, result: unknown, error?: string): HttpResponse {
  const errors = error ? [{ code: 7003, message: error }] : [];
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ success: error === undefined, errors, messages: [], result }),
  };
}

function answer(path: string, query: URLSearchParams, { cloud, settings }: AccountState): unknown {
  const { token = "active", plan = "enterprise", delegated = true, ...bought } = settings.cloudflare ?? {};
  if (path === "/user/tokens/verify") return { id: "rehearsal", status: token };
  if (/^\/accounts\/[0-9a-f]{32}$/.test(path)) return bought.accountHidden ? undefined : { id: path.split("/")[2] };
  if (/^\/accounts\/[0-9a-f]{32}\/subscriptions$/.test(path)) {
    const names = [plan, ...(bought.loadBalancing === false ? [] : ["load_balancing"])];
    return names.map((public_name) => ({ rate_plan: { public_name } }));
  }
  const zones = cloud.list({ type: "cloudflare_zone" });
  if (path === "/zones") {
    return zones
      .filter(({ attributes }) => attributes.name === query.get("name"))
      .map(({ id, attributes }) => ({
        id,
        name: attributes.name,
        status: delegated ? "active" : "pending",
        name_servers: attributes.name_servers,
        plan: { legacy_id: plan },
      }));
  }
  const [, zoneId] = /^\/zones\/([^/]+)\/settings$/.exec(path) ?? [];
  if (!zones.some(({ id }) => id === zoneId)) return undefined;
  return cloud
    .list({ type: "cloudflare_zone_setting" })
    .filter(({ attributes }) => attributes.zone_id === zoneId)
    .map(({ attributes }) => ({
      id: attributes.setting_id,
      editable: !bought.fixedSettings?.includes(String(attributes.setting_id)),
    }));
}
