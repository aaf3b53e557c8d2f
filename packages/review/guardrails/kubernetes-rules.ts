import { at, containersOf, type ObjectChange, podTemplateOf } from "../kubernetes";
import type { Json, JsonObject } from "../tree";
import { type Breach, objectBreach, type Rule } from "./rule";

export const KUBERNETES_RULES: readonly Rule[] = [
  {
    id: "RV-K8S-1",
    severity: "critical",
    title: "An immutable field is changed",
    explanation: "The API server rejects the whole object, so no part of this change is applied.",
    find: ({ objects }) =>
      objects.flatMap((change) =>
        change.immutable.map(({ path, remedy }) => objectBreach(change, `${path} cannot be changed; ${remedy}`)),
      ),
  },
  {
    id: "RV-K8S-2",
    severity: "medium",
    title: "Stateful pods are restarted",
    explanation: "Every pod of the set is replaced, one after the other; plan this as maintenance.",
    find: ({ objects }) =>
      objects
        .filter(({ restarts, kind }) => restarts && kind === "StatefulSet")
        .map((change) => objectBreach(change, `${replicas(change.after)} pods are replaced`)),
  },
  {
    id: "RV-K8S-3",
    severity: "high",
    title: "A safeguard is removed",
    explanation: "Budgets, policies and quotas keep one mistake from becoming an outage or a security breach.",
    find: ({ objects }) => [
      ...objects
        .filter(({ action, kind }) => action === "delete" && SAFEGUARDS.has(kind))
        .map((change) => objectBreach(change, "is deleted")),
      ...objects.flatMap(lowerBudget),
      ...objects.flatMap(weakerNamespace),
    ],
  },
  {
    id: "RV-K8S-4",
    severity: "critical",
    title: "A container gets more privileges on its node",
    explanation: "It can then reach other containers, or the node itself.",
    find: ({ objects }) => objects.flatMap(moreRights),
  },
  {
    id: "RV-K8S-6",
    severity: "critical",
    title: "An object with data is deleted",
    explanation: "Deleting the claim, namespace or definition also deletes what is stored in it.",
    find: ({ objects }) =>
      objects
        .filter(({ action, kind }) => action === "delete" && WITH_DATA.has(kind))
        .map((change) => objectBreach(change, "is deleted")),
  },
  {
    id: "RV-K8S-7",
    severity: "medium",
    title: "Capacity is reduced",
    explanation: "Fewer replicas or smaller requests; check it against the load.",
    find: ({ objects }) => objects.flatMap(lessCapacity),
  },
  {
    id: "RV-K8S-8",
    severity: "medium",
    title: "An image without a digest",
    explanation: "A tag can point to another image tomorrow; only a digest identifies what was reviewed.",
    find: ({ objects }) => objects.flatMap(looseImages),
  },
];

const SAFEGUARDS = new Set([
  "NetworkPolicy",
  "PodDisruptionBudget",
  "ResourceQuota",
  "LimitRange",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "PrometheusRule",
  "ServiceMonitor",
  "PodMonitor",
]);
const WITH_DATA = new Set([
  "PersistentVolumeClaim",
  "PersistentVolume",
  "Namespace",
  "CustomResourceDefinition",
  "StatefulSet",
]);

function replicas(body: JsonObject | undefined): number {
  return Number(at(body, "spec", "replicas") ?? 1);
}

function lowerBudget(change: ObjectChange): Breach[] {
  if (change.kind !== "PodDisruptionBudget" || change.action !== "update") return [];
  const lower = change.fields.some(
    ({ path, before, after }) => path === "spec.minAvailable" && size(after) < size(before),
  );
  const higher = change.fields.some(
    ({ path, before, after }) => path === "spec.maxUnavailable" && size(after) > size(before),
  );
  return lower || higher ? [objectBreach(change, "allows more pods to be evicted at once")] : [];
}

function size(json: Json | undefined): number {
  return Number.parseFloat(String(json ?? 0)) || 0;
}

const POD_SECURITY = ["privileged", "baseline", "restricted"];

function weakerNamespace(change: ObjectChange): Breach[] {
  if (change.kind !== "Namespace" || change.action !== "update") return [];
  const level = (body: JsonObject | undefined): string =>
    String(at(body, "metadata", "labels", "pod-security.kubernetes.io/enforce") ?? "privileged");
  const [before, after] = [level(change.before), level(change.after)];
  return POD_SECURITY.indexOf(after) < POD_SECURITY.indexOf(before)
    ? [objectBreach(change, `enforces ${after} instead of ${before}`)]
    : [];
}

function moreRights(change: ObjectChange): Breach[] {
  const [before, after] = [rightsOf(change.before), rightsOf(change.after)];
  const added = [...after].filter((right) => !before.has(right));
  return change.action === "delete" ? [] : added.map((right) => objectBreach(change, right));
}

function rightsOf(body: JsonObject | undefined): Set<string> {
  const rights = new Set<string>();
  if (!body) return rights;
  const spec = at(podTemplateOf(body), "spec");
  for (const name of ["hostNetwork", "hostPID", "hostIPC"])
    if (at(spec, name) === true) rights.add(`uses the node's ${name}`);
  const volumes = at(spec, "volumes");
  for (const volume of Array.isArray(volumes) ? volumes : []) {
    if (at(volume, "hostPath") !== undefined)
      rights.add(`mounts ${String(at(volume, "hostPath", "path"))} of the node`);
  }
  for (const container of containersOf(body)) {
    const context = at(container, "securityContext");
    const podContext = at(spec, "securityContext");
    const name = String(container.name);
    if (at(context, "privileged") === true) rights.add(`runs ${name} privileged`);
    if (at(context, "allowPrivilegeEscalation") !== false) rights.add(`lets ${name} gain privileges`);
    if (at(context, "readOnlyRootFilesystem") !== true) rights.add(`lets ${name} write its root file system`);
    if ((at(context, "runAsNonRoot") ?? at(podContext, "runAsNonRoot")) !== true)
      rights.add(`lets ${name} run as root`);
    const added = at(context, "capabilities", "add");
    for (const capability of Array.isArray(added) ? added : []) rights.add(`gives ${name} ${String(capability)}`);
  }
  return rights;
}

function lessCapacity(change: ObjectChange): Breach[] {
  if (change.action !== "update") return [];
  const { pods, cpus, memoryMiB } = change.capacity;
  if (pods < 0)
    return [objectBreach(change, `goes from ${replicas(change.before)} to ${replicas(change.after)} replicas`)];
  if (cpus < 0 || memoryMiB < 0)
    return [objectBreach(change, `asks for ${cpus} CPUs and ${Math.round(memoryMiB)} MiB`, { severity: "low" })];
  if (change.kind !== "HorizontalPodAutoscaler") return [];
  const lower = change.fields.filter(
    ({ path, before, after }) => /^spec\.(min|max)Replicas$/.test(path) && size(after) < size(before),
  );
  return lower.map(({ path, before, after }) =>
    objectBreach(change, `lowers ${path} from ${String(before)} to ${String(after)}`),
  );
}

function looseImages(change: ObjectChange): Breach[] {
  if (!change.after) return [];
  const before = new Set(change.before ? containersOf(change.before).map(({ image }) => String(image)) : []);
  return containersOf(change.after)
    .map(({ image }) => String(image))
    .filter((image) => !image.includes("@sha256:") && !before.has(image))
    .map((image) => objectBreach(change, `uses ${image}`));
}
