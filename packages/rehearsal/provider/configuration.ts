import type { ProviderName } from "@hft/provider-schemas";
import { isJsonObject, type Json, type JsonObject } from "../protocol/value";

/** What a provider was configured with, as far as it decides what a call means. */
export interface Configuration {
  /** AWS account, Kubernetes API server, or the service itself. */
  readonly owner: string;
  /** AWS region of resources that name none. */
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** Used when a provider block restricts no account. */
export const DEFAULT_ACCOUNT = "123456789012";
const DEFAULT_REGION = "us-east-1";

export function configurationOf(provider: ProviderName, block: JsonObject): Configuration {
  if (provider === "aws") {
    const accounts = block.allowed_account_ids as readonly string[] | null;
    return {
      owner: accounts?.[0] ?? DEFAULT_ACCOUNT,
      region: (block.region as string | null) ?? DEFAULT_REGION,
      defaultTags: defaultTags(block.default_tags),
    };
  }
  return { owner: apiServer(provider, block) ?? provider, region: "", defaultTags: {} };
}

/** The Kubernetes API server that the kubernetes and helm providers talk to. */
function apiServer(provider: ProviderName, block: JsonObject): string | undefined {
  if (provider === "kubernetes") return (block.host as string | null) ?? undefined;
  if (provider !== "helm") return undefined;
  const connection = Array.isArray(block.kubernetes) ? (block.kubernetes as readonly Json[])[0] : block.kubernetes;
  return isJsonObject(connection) ? ((connection.host as string | null) ?? undefined) : undefined;
}

function defaultTags(blocks: Json | undefined): Record<string, string> {
  const [first] = (blocks ?? []) as readonly Json[];
  return isJsonObject(first) ? ((first.tags ?? {}) as Record<string, string>) : {};
}
