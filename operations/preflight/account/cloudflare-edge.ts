import { Unanswered } from "../finding";
import { EDGE_PLANS, type Edge, type EdgePlan, type EdgeZone } from "./edge";
import { getJson } from "./get-json";

const PUBLIC_API = "https://api.cloudflare.com/client/v4";

/** The envelope of every answer. Source: Cloudflare API, "Make API calls". */
interface Envelope {
  readonly success?: boolean;
  readonly errors?: readonly { readonly message?: string }[];
  readonly result?: unknown;
}

interface ZoneJson {
  readonly id: string;
  readonly status: string;
  readonly name_servers?: readonly string[];
  readonly plan?: { readonly legacy_id?: string; readonly name?: string };
}

/** Cloudflare's API with the shell's `CLOUDFLARE_API_TOKEN`; `CLOUDFLARE_BASE_URL` as in its Terraform provider. */
export class CloudflareEdge implements Edge {
  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  async tokenStatus(): Promise<string> {
    const { status } = (await this.get("/user/tokens/verify")) as { status?: string };
    return status ?? "unknown";
  }

  async accountVisible(accountId: string): Promise<boolean> {
    return (await this.find(`/accounts/${accountId}`)) !== undefined;
  }

  async zone(accountId: string, name: string): Promise<EdgeZone | undefined> {
    const query = new URLSearchParams({ name, "account.id": accountId });
    const [zone] = (await this.get(`/zones?${query}`)) as readonly ZoneJson[];
    if (!zone) return undefined;
    return { id: zone.id, status: zone.status, plan: planOf(zone), nameServers: zone.name_servers ?? [] };
  }

  async fixedSettings(zoneId: string): Promise<string[]> {
    const settings = (await this.get(`/zones/${zoneId}/settings`)) as readonly { id: string; editable?: boolean }[];
    return settings.filter(({ editable }) => editable === false).map(({ id }) => id);
  }

  async loadBalancing(accountId: string): Promise<boolean> {
    return /load.?balanc/i.test(JSON.stringify(await this.get(`/accounts/${accountId}/subscriptions`)));
  }

  private async get(path: string): Promise<unknown> {
    const result = await this.find(path);
    if (result === undefined) throw new Unanswered(`Cloudflare has nothing at ${path.split("?")[0]}`);
    return result;
  }

  /** The result of a call, or undefined when there is no such thing. */
  private async find(path: string): Promise<unknown> {
    const { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_BASE_URL: base = PUBLIC_API } = this.environment;
    if (!token) throw new Unanswered("CLOUDFLARE_API_TOKEN is not set, so Cloudflare was not asked");
    const { status, body } = await getJson(base + path, { authorization: `Bearer ${token}` }, this.environment);
    const { success, errors = [], result } = (body ?? {}) as Envelope;
    if (status === 404) return undefined;
    if (status !== 200 || success !== true) {
      const reason = errors.map(({ message }) => message).join("; ") || `status ${status}`;
      throw new Unanswered(`Cloudflare refused ${path.split("?")[0]}: ${reason}`);
    }
    return result;
  }
}

function planOf({ plan }: ZoneJson): EdgePlan {
  const known = EDGE_PLANS.find((name) => name === plan?.legacy_id);
  if (!known) throw new Unanswered(`Cloudflare names a plan that is not known here: ${plan?.legacy_id ?? plan?.name}`);
  return known;
}
