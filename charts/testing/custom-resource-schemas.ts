import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

/** Kinds of operators that the charts use, and the typed package that describes each. */
const KINDS = [
  { kind: "Certificate", group: "cert-manager.io", version: "v1", module: "@kubernetes-models/cert-manager" },
  { kind: "ClusterIssuer", group: "cert-manager.io", version: "v1", module: "@kubernetes-models/cert-manager" },
  {
    kind: "ClusterSecretStore",
    group: "external-secrets.io",
    version: "v1",
    module: "@kubernetes-models/external-secrets",
  },
  {
    kind: "ExternalSecret",
    group: "external-secrets.io",
    version: "v1",
    module: "@kubernetes-models/external-secrets",
  },
  {
    kind: "PushSecret",
    group: "external-secrets.io",
    version: "v1alpha1",
    module: "@kubernetes-models/external-secrets",
  },
  {
    kind: "PrometheusRule",
    group: "monitoring.coreos.com",
    version: "v1",
    module: "@kubernetes-models/prometheus-operator",
  },
  { kind: "Probe", group: "monitoring.coreos.com", version: "v1", module: "@kubernetes-models/prometheus-operator" },
  {
    kind: "ServiceMonitor",
    group: "monitoring.coreos.com",
    version: "v1",
    module: "@kubernetes-models/prometheus-operator",
  },
] as const;

/** Changes with the list, for whoever keeps what was written. */
export const KINDS_FINGERPRINT = createHash("sha256").update(JSON.stringify(KINDS)).digest("hex").slice(0, 12);

/**
 * Writes JSON schemas of operators' resources out of the types of `@kubernetes-models`, in the way of
 * `Kind-group-version.json`. What a type does not name, the schema forbids.
 */
export function writeCustomResourceSchemas(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const { kind, group, version, module } of KINDS) {
    const schema = createGenerator({
      path: join("node_modules", module, group, version, `${kind}.d.ts`),
      tsconfig: "tsconfig.json",
      type: `I${kind}`,
      topRef: false,
      expose: "none",
      skipTypeCheck: true,
      additionalProperties: false,
      jsDoc: "none",
    }).createSchema(`I${kind}`);
    writeFileSync(join(directory, `${kind}-${group}-${version}.json`.toLowerCase()), JSON.stringify(schema));
  }
}
