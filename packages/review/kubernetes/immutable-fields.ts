import type { JsonObject } from "../tree";
import type { FieldChange } from "./object-changes";
import { at } from "./pod-template";

interface ImmutableField {
  /** A changed path that begins so is refused. */
  readonly path: string;
  readonly remedy: string;
}

const RECREATE = "delete the object first, or give the new one a different name";

/**
 * Fields that the API server refuses to change.
 * Source: the validation of Kubernetes 1.33 (`pkg/apis/<group>/validation`, the functions Validate…Update).
 */
const IMMUTABLE: Readonly<Record<string, readonly ImmutableField[]>> = {
  Deployment: [{ path: "spec.selector", remedy: RECREATE }],
  ReplicaSet: [{ path: "spec.selector", remedy: RECREATE }],
  DaemonSet: [{ path: "spec.selector", remedy: RECREATE }],
  Job: ["spec.selector", "spec.template", "spec.completionMode", "spec.podFailurePolicy"].map((path) => ({
    path,
    remedy: RECREATE,
  })),
  PersistentVolumeClaim: [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeName",
    "spec.volumeMode",
    "spec.selector",
  ].map((path) => ({ path, remedy: "create a new claim and copy the data" })),
  PersistentVolume: [{ path: "spec.persistentVolumeSource", remedy: RECREATE }],
  Service: [{ path: "spec.clusterIP", remedy: RECREATE }],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"].map((path) => ({
    path,
    remedy: "create a class with another name",
  })),
  RoleBinding: [{ path: "roleRef", remedy: RECREATE }],
  ClusterRoleBinding: [{ path: "roleRef", remedy: RECREATE }],
  PriorityClass: ["value", "preemptionPolicy"].map((path) => ({ path, remedy: "create a class with another name" })),
  RuntimeClass: [{ path: "handler", remedy: "create a class with another name" }],
  CSIDriver: [{ path: "spec.attachRequired", remedy: RECREATE }],
  IngressClass: [{ path: "spec.controller", remedy: RECREATE }],
};

/** Of a StatefulSet, everything under spec is fixed but these. */
const STATEFUL_SET_MUTABLE = [
  "spec.replicas",
  "spec.template",
  "spec.updateStrategy",
  "spec.persistentVolumeClaimRetentionPolicy",
  "spec.minReadySeconds",
  "spec.ordinals",
  "spec.revisionHistoryLimit",
];

export function immutableChanges(
  kind: string,
  before: JsonObject,
  after: JsonObject,
  fields: readonly FieldChange[],
): { path: string; remedy: string }[] {
  return fields.flatMap(({ path }) => {
    if (kind === "StatefulSet") {
      const fixed = path.startsWith("spec.") && !STATEFUL_SET_MUTABLE.some((field) => within(path, field));
      const remedy = "delete the StatefulSet with --cascade=orphan and apply it again; its pods and claims stay";
      return fixed ? [{ path, remedy }] : [];
    }
    if (kind === "ConfigMap" || kind === "Secret") return frozenChange(path, before, after);
    const field = IMMUTABLE[kind]?.find((candidate) => within(path, candidate.path));
    return field ? [{ path, remedy: field.remedy }] : [];
  });
}

function within(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

/** A ConfigMap or Secret that says `immutable: true` keeps its content, and stays so. */
function frozenChange(path: string, before: JsonObject, after: JsonObject): { path: string; remedy: string }[] {
  const content = ["data", "stringData", "binaryData", "immutable", "type"].some((field) => within(path, field));
  const secretType = path === "type" && at(after, "kind") === "Secret";
  if (!content || !(before.immutable === true || secretType)) return [];
  return [{ path, remedy: "give the new content another name and let the workload use it" }];
}
