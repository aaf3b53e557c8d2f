import { type ProviderName, providerPackage } from "@hft/provider-schemas";

export interface Endpoints {
  /** `127.0.0.1:port` of each provider. */
  readonly providers: Readonly<Record<ProviderName, string>>;
  /** Answers for every service of AWS that is spoken to in HTTP. */
  readonly awsUrl: string;
}

/** Variables of a user's shell that would lead to real accounts, or to files that a rehearsal has no use for. */
const REMOVED = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_CA_BUNDLE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "KUBECONFIG",
  "KUBE_CONFIG_PATH",
  "TF_CLI_CONFIG_FILE",
  "TF_PLUGIN_CACHE_DIR",
  "TF_DATA_DIR",
  "TF_WORKSPACE",
  "NO_PROXY",
  "no_proxy",
  "http_proxy",
];

/**
 * S3's backend puts the bucket in front of the host name, so every bucket is a host of its own. No resolver knows them:
 * they are reached through a proxy, which is the rehearsal itself. Names under `.invalid` belong to nobody (RFC 2606).
 */
export const STORAGE_HOST = "s3.rehearsal.invalid";
export const AWS_HOST = "aws.rehearsal.invalid";
export const CLOUDFLARE_HOST = "cloudflare.rehearsal.invalid";
export const REGISTRY_HOST = "registry.rehearsal.invalid";

const NO_FILE = process.platform === "win32" ? "NUL" : "/dev/null";

/** An environment in which Terraform and everything of AWS meet the rehearsal and cannot reach anything else. */
export function environmentVariables(endpoints: Endpoints): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !REMOVED.includes(name));
  return {
    ...Object.fromEntries(inherited),
    TF_REATTACH_PROVIDERS: JSON.stringify(attachments(endpoints.providers)),
    AWS_ENDPOINT_URL: `http://${AWS_HOST}`,
    AWS_ENDPOINT_URL_S3: `http://${STORAGE_HOST}`,
    // The name is believed to be that of Cloudflare's Terraform provider 5; unverified.
    CLOUDFLARE_BASE_URL: `http://${CLOUDFLARE_HOST}/client/v4`,
    CLOUDFLARE_API_TOKEN: "rehearsal",
    IMAGE_REGISTRY_URL: `http://${REGISTRY_HOST}`,
    HTTP_PROXY: endpoints.awsUrl,
    AWS_ACCESS_KEY_ID: "rehearsal",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_CONFIG_FILE: NO_FILE,
    AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
  };
}

/** As Terraform wants it: https://developer.hashicorp.com/terraform/plugin/debugging */
function attachments(addresses: Readonly<Record<ProviderName, string>>): object {
  const entries = Object.entries(addresses).map(([name, address]) => [
    providerPackage(name as ProviderName).address,
    {
      Protocol: "grpc",
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "tcp", String: address },
    },
  ]);
  return Object.fromEntries(entries);
}
