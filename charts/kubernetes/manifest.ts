import { ApiObject } from "cdk8s";
import type { Construct } from "constructs";

/** A Kubernetes object as plain JSON: what a file holds, what Terraform deploys and what a reviewer compares. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What every typed manifest has; `kubernetes-models` types the rest. */
interface TypedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/**
 * Adds an object to the chart, typed by the schema of the cluster's Kubernetes version. The generated constructs of
 * cdk8s-plus-27 stop at 1.27: they drop newer fields without a word and choose names that change with the code's
 * structure.
 */
export function declare<M extends TypedManifest>(scope: Construct, manifest: M): ApiObject {
  const { name, namespace } = manifest.metadata ?? {};
  if (!name) throw new Error(`${scope.node.path}: a ${manifest.kind} without a name; give metadata.name`);
  const id = [manifest.kind, namespace, name].filter(Boolean).join("-");
  return new ApiObject(scope, id, { ...manifest, metadata: { ...manifest.metadata } });
}
