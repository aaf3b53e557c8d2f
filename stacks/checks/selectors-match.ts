import type { KubernetesObject } from "../../charts";
import { type Check, placedObjects } from "./check";
import { finding } from "./codes";

type Labels = Readonly<Record<string, string>>;

/** Label selectors of an object that must find something, with what they are matched against. */
function selectorsOf(object: KubernetesObject): { readonly labels: Labels; readonly among: "pods" | "services" }[] {
  const spec = (object.spec ?? {}) as Record<string, { matchLabels?: Labels } & Labels>;
  switch (object.kind) {
    case "Service":
      return spec.selector ? [{ labels: spec.selector, among: "pods" }] : [];
    case "NetworkPolicy":
      // A policy for every pod of a namespace also holds for pods that operators will put there.
      return spec.podSelector?.matchLabels ? [{ labels: spec.podSelector.matchLabels, among: "pods" }] : [];
    case "PodDisruptionBudget":
    case "PodMonitor":
      return [{ labels: spec.selector?.matchLabels ?? {}, among: "pods" }];
    case "ServiceMonitor":
      return [{ labels: spec.selector?.matchLabels ?? {}, among: "services" }];
    default:
      return [];
  }
}

/**
 * A Service, policy, budget or monitor that selects nothing is a typing error that no one notices until it is needed.
 */
export const selectorsMatch: Check = (synthesized) =>
  placedObjects(synthesized).flatMap(({ object, objects, path }) =>
    selectorsOf(object)
      .filter(
        ({ labels, among }) => !candidates(objects, among, namespacesOf(object)).some((each) => matches(labels, each)),
      )
      .map(({ labels, among }) =>
        finding(
          "HFT-SYN-003",
          path,
          `selects no ${among === "pods" ? "pod" : "service"} with ${JSON.stringify(labels)}`,
          `use the labels that its workload gives its ${among}`,
        ),
      ),
  );

/** Namespaces that the selector looks into; undefined means all. */
function namespacesOf({ metadata, spec }: KubernetesObject): readonly string[] | undefined {
  const selector = (spec as { namespaceSelector?: { matchNames?: string[]; any?: boolean } } | undefined)
    ?.namespaceSelector;
  if (selector?.any) return undefined;
  return selector?.matchNames ?? [metadata.namespace ?? ""];
}

function candidates(
  objects: readonly KubernetesObject[],
  among: "pods" | "services",
  namespaces?: readonly string[],
): Labels[] {
  return objects
    .filter(({ metadata }) => !namespaces || namespaces.includes(metadata.namespace ?? ""))
    .flatMap((object) =>
      among === "services" ? (object.kind === "Service" ? [object.metadata.labels ?? {}] : []) : podLabels(object),
    );
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels };
}

/** Labels of the pods that a workload makes. */
function podLabels({ kind, metadata, spec }: KubernetesObject): Labels[] {
  const { template, jobTemplate, replicas } = (spec ?? {}) as {
    template?: PodTemplate;
    jobTemplate?: { spec?: { template?: PodTemplate } };
    replicas?: number;
  };
  const labels = (kind === "CronJob" ? jobTemplate?.spec?.template : template)?.metadata?.labels;
  if (!labels) return [];
  if (kind !== "StatefulSet") return [labels];
  return Array.from({ length: replicas ?? 1 }, (_, ordinal) => ({
    ...labels,
    ...ordinalLabels(metadata.name, ordinal),
  }));
}

/** What the StatefulSet controller adds to each pod. */
function ordinalLabels(name: string, ordinal: number): Labels {
  return {
    "apps.kubernetes.io/pod-index": `${ordinal}`,
    "statefulset.kubernetes.io/pod-name": `${name}-${ordinal}`,
  };
}

function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
