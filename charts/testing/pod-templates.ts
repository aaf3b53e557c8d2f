import type { IPodSpec } from "kubernetes-models/v1";
import type { KubernetesObject } from "../kubernetes/manifest";

/** A pod as one of the workloads makes it. */
export interface PodTemplate {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: IPodSpec;
}

interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: IPodSpec;
}

/** The pods of every workload among the objects. */
export function podTemplates(objects: readonly KubernetesObject[]): PodTemplate[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const { template, jobTemplate } = (spec ?? {}) as {
      template?: Template;
      jobTemplate?: { spec: { template: Template } };
    };
    const pod = kind === "CronJob" ? jobTemplate?.spec.template : template;
    if (!pod?.spec?.containers) return [];
    return [
      {
        kind,
        name: metadata.name,
        namespace: metadata.namespace ?? "",
        labels: pod.metadata?.labels ?? {},
        annotations: pod.metadata?.annotations ?? {},
        spec: pod.spec,
      },
    ];
  });
}
