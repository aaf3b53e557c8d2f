import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import type { IConfigMap } from "kubernetes-models/v1";
import type { KubernetesObject } from "./manifest";
import { declare } from "./manifest";

/** Annotation of a pod template: pods are replaced when the content of their configuration changes. */
export const CONTENT_ANNOTATION = "hft.platform/configuration";

/** Files for a workload. Returns a fingerprint of their content for the pod template. */
export function declareFiles(
  scope: Construct,
  metadata: KubernetesObject["metadata"],
  files: Readonly<Record<string, string>>,
): string {
  declare<IConfigMap>(scope, { apiVersion: "v1", kind: "ConfigMap", metadata, data: { ...files } });
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
}
