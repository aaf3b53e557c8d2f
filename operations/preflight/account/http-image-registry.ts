import { Unanswered } from "../finding";
import { getJson } from "./get-json";
import type { ImageRegistry } from "./image-registry";

/** Docker Hub is named by one host and served by another. Source: distribution/reference, "docker.io". */
const HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

const ACCEPTED = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Registries by the OCI distribution API: `GET /v2/<name>/manifests/<digest>`, with the anonymous token that a public
 * registry hands out. Source: OCI distribution specification 1.1, "Pulling manifests"; Docker Registry, "Token
 * authentication".
 */
export class HttpImageRegistry implements ImageRegistry {
  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  async has(image: string): Promise<boolean> {
    const [path = "", digest = ""] = image.split("@");
    const [host = "", ...repository] = path.split("/");
    const base = this.environment.IMAGE_REGISTRY_URL ?? `https://${HOSTS[host] ?? host}`;
    const url = `${base}/v2/${repository.join("/")}/manifests/${digest}`;
    const first = await getJson(url, { accept: ACCEPTED }, this.environment);
    const answer = first.status === 401 ? await this.withToken(url, first.headers["www-authenticate"]) : first;
    if (answer.status === 200) return true;
    if (answer.status === 404) return false;
    throw new Unanswered(`${host} answered ${answer.status} for ${image}`);
  }

  private async withToken(url: string, challenge = "") {
    const [, realm] = /realm="([^"]+)"/.exec(challenge) ?? [];
    if (!realm) throw new Unanswered(`${new URL(url).host} wants a sign-in that is not known here: ${challenge}`);
    const query = new URLSearchParams();
    for (const [, name = "", value = ""] of challenge.matchAll(/(service|scope)="([^"]+)"/g)) query.set(name, value);
    const { body } = await getJson(`${realm}?${query}`, {}, this.environment);
    const { token, access_token: access } = (body ?? {}) as { token?: string; access_token?: string };
    const headers = { accept: ACCEPTED, authorization: `Bearer ${token ?? access ?? ""}` };
    return getJson(url, headers, this.environment);
  }
}
