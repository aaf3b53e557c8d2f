import type { KubernetesObject } from "../../charts";
import { FIELD_MANAGER } from "../../stacks/manifest-resources";
import type { ApiServer, ApiServerAnswer } from "./api-server";

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Applies objects as Terraform's provider does: server-side, with every unknown field refused. */
export class ApiClient {
  private readonly resources = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(private readonly server: ApiServer) {}

  async apply(object: KubernetesObject): Promise<ApiServerAnswer> {
    const query = `fieldManager=${FIELD_MANAGER}&force=true&fieldValidation=Strict`;
    return this.server.call("PATCH", `${await this.pathOf(object)}?${query}`, object, "application/apply-patch+yaml");
  }

  /** Waits until the server serves a kind that a definition brought a moment ago. */
  async untilServed(apiVersion: string, kind: string): Promise<void> {
    for (let attempt = 0; attempt < SERVED_ATTEMPTS; attempt++) {
      this.resources.delete(apiVersion);
      if ((await this.resourcesOf(apiVersion)).some((resource) => resource.kind === kind)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the API server does not serve ${apiVersion}/${kind}`);
  }

  /** @throws when the server knows no such kind */
  private async pathOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const resource = (await this.resourcesOf(apiVersion)).find((each) => each.kind === kind);
    if (!resource) throw new Error(`the API server does not know ${apiVersion}/${kind}`);
    const namespace = resource.namespaced ? `/namespaces/${metadata.namespace}` : "";
    return `${rootOf(apiVersion)}${namespace}/${resource.name}/${metadata.name}`;
  }

  private resourcesOf(apiVersion: string): Promise<readonly ApiResource[]> {
    const known = this.resources.get(apiVersion);
    if (known) return known;
    const asked = this.server.call("GET", rootOf(apiVersion)).then(({ status, body }) =>
      // Subresources, `deployments/status`, have the kinds of others.
      status === 200 ? (body as { resources: ApiResource[] }).resources.filter(({ name }) => !name.includes("/")) : [],
    );
    this.resources.set(apiVersion, asked);
    return asked;
  }
}

const SERVED_ATTEMPTS = 100;

const rootOf = (apiVersion: string) => (apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
