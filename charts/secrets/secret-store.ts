import type { IClusterSecretStore, IExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1";
import type { Construct } from "constructs";
import { declare, type KubernetesObject } from "../kubernetes/manifest";
import { NAMESPACES } from "../namespaces";
import type { Site } from "../site";

const STORE = "aws";
/** A rotated password arrives within this time; the old one is good for longer. */
const REFRESH_INTERVAL = "1m0s";

/** The account's Secrets Manager, for the namespaces that hold secrets and no other. */
export function declareSecretStore(scope: Construct, { region }: Site): void {
  declareStore(scope, { name: STORE, region: region.name, namespaces: [...Object.keys(NAMESPACES), "monitoring"] });
}

/** Secrets Manager of one region, for some namespaces. */
export interface StoreProps {
  readonly name: string;
  readonly region: string;
  readonly namespaces: readonly string[];
}

export function declareStore(scope: Construct, { name, region, namespaces }: StoreProps): void {
  declare<IClusterSecretStore>(scope, {
    apiVersion: "external-secrets.io/v1",
    kind: "ClusterSecretStore",
    metadata: { name },
    spec: {
      // Credentials are those of the operator's own pods.
      provider: { aws: { service: "SecretsManager", region } },
      conditions: [{ namespaces: [...namespaces] }],
    },
  });
}

/** One value of Secrets Manager. */
export interface SecretSource {
  /** Full name of the secret there. */
  readonly secret: string;
  /** Field of its JSON. @default - the whole text */
  readonly field?: string;
}

/** Names of secrets in Secrets Manager: those of one region, and those that both regions share. */
export const regionSecret = ({ names }: Pick<Site, "names">, name: string) => names.path(name);
export const sharedSecret = ({ names }: Site, name: string) => names.in("global").path(name);

/**
 * Brings values of Secrets Manager into a Secret, whose keys become files of the pods that mount it.
 * @param text further keys with a content that is no secret, but has to lie beside one
 */
export function declareExternalSecret(
  scope: Construct,
  metadata: KubernetesObject["metadata"],
  files: Readonly<Record<string, SecretSource>>,
  text: Readonly<Record<string, string>> = {},
): void {
  const withText = Object.keys(text).length > 0;
  declare<IExternalSecret>(scope, {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata,
    spec: {
      refreshInterval: REFRESH_INTERVAL,
      secretStoreRef: { kind: "ClusterSecretStore", name: STORE },
      target: {
        name: metadata.name,
        creationPolicy: "Owner",
        deletionPolicy: "Retain",
        ...(withText && {
          template: {
            engineVersion: "v2" as const,
            mergePolicy: "Merge" as const,
            data: Object.fromEntries(Object.entries(text).map(([key, value]) => [key, literal(value)])),
          },
        }),
      },
      data: Object.entries(files).map(([secretKey, { secret, field }]) => ({
        secretKey,
        remoteRef: { key: secret, ...(field && { property: field }) },
      })),
    },
  });
}

/** The operator expands templates; a text that is one itself, for somebody else, has to come through as it is. */
function literal(text: string): string {
  return text.replace(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`);
}
