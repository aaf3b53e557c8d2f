import { isJsonObject, type Json, type JsonObject, type KubernetesObject } from "../tree";
import { type Capacity, capacityOf, subtractCapacity } from "./capacity";
import { immutableChanges } from "./immutable-fields";
import { podTemplateOf } from "./pod-template";

export interface FieldChange {
  /** `spec.template.spec.containers[name=engine].image`. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface ObjectChange {
  /** Manifest, usually one per environment and region. */
  readonly file: string;
  readonly id: string;
  readonly kind: string;
  readonly action: "create" | "update" | "delete";
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly fields: readonly FieldChange[];
  /** Changed fields that the API server refuses to change, with what it would take. */
  readonly immutable: readonly { readonly path: string; readonly remedy: string }[];
  /** Whether running pods are replaced, because their template changes. */
  readonly restarts: boolean;
  /** CPU, memory and pods requested, after minus before. */
  readonly capacity: Capacity;
}

/** Compares objects by manifest, kind, namespace and name; the order of documents and of keys means nothing. */
export function objectChanges(base: readonly KubernetesObject[], head: readonly KubernetesObject[]): ObjectChange[] {
  const before = byIdentity(base);
  const after = byIdentity(head);
  const identities = [...new Set([...before.keys(), ...after.keys()])].sort();
  return identities.flatMap((identity) => {
    const [old, now] = [before.get(identity), after.get(identity)];
    if (old && now) return changed(old, now);
    return [old ? oneSided(old, "delete") : oneSided(now!, "create")];
  });
}

function byIdentity(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map((object) => [`${object.file} ${object.id}`, object]));
}

function oneSided(object: KubernetesObject, action: "create" | "delete"): ObjectChange {
  const { file, id, kind, body } = object;
  const own = capacityOf(body);
  return {
    file,
    id,
    kind,
    action,
    ...(action === "create" ? { after: body } : { before: body }),
    fields: [],
    immutable: [],
    restarts: false,
    capacity: action === "create" ? own : subtractCapacity({ pods: 0, cpus: 0, memoryMiB: 0 }, own),
  };
}

function changed(old: KubernetesObject, now: KubernetesObject): ObjectChange[] {
  const fields = fieldChanges(old.body, now.body, "");
  if (fields.length === 0) return [];
  const templateBefore = JSON.stringify(sorted(podTemplateOf(old.body) ?? null));
  const templateAfter = JSON.stringify(sorted(podTemplateOf(now.body) ?? null));
  return [
    {
      file: now.file,
      id: now.id,
      kind: now.kind,
      action: "update",
      before: old.body,
      after: now.body,
      fields,
      immutable: immutableChanges(now.kind, old.body, now.body, fields),
      restarts: templateBefore !== templateAfter && RESTARTING.has(now.kind),
      capacity: subtractCapacity(capacityOf(now.body), capacityOf(old.body)),
    },
  ];
}

/** Kinds whose controller replaces pods when the template changes; the pods of jobs are left to finish. */
const RESTARTING = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.keys(json)
      .sort()
      .map((name) => [name, sorted(json[name]!)]),
  );
}

/** The innermost fields that differ. Lists of named things (containers, ports, env) are matched by name. */
function fieldChanges(before: Json | undefined, after: Json | undefined, path: string): FieldChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => fieldChanges(before[name], after[name], join(path, name)));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  if (before === after || (isEmpty(before) && isEmpty(after))) return [];
  return [{ path, before, after }];
}

function isEmpty(json: Json | undefined): boolean {
  return json === undefined || json === null;
}

/** What tells the elements of a list apart, by what the API server uses as merge keys. */
const MERGE_KEYS = ["name", "mountPath", "containerPort", "port", "key", "ip", "topologyKey"];

function listChanges(before: readonly Json[], after: readonly Json[], path: string): FieldChange[] {
  const key = MERGE_KEYS.find((candidate) => isKeyOf(candidate, before) && isKeyOf(candidate, after));
  if (key === undefined || (before.length === 0 && after.length === 0)) {
    if (JSON.stringify(sorted([...before])) === JSON.stringify(sorted([...after]))) return [];
    if (before.length !== after.length || !before.every(isJsonObject))
      return [{ path, before: [...before], after: [...after] }];
    return before.flatMap((item, at) => fieldChanges(item, after[at], `${path}[${at}]`));
  }
  const byKey = (items: readonly Json[]) => new Map(items.map((item) => [String((item as JsonObject)[key]), item]));
  const [old, now] = [byKey(before), byKey(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((name) => fieldChanges(old.get(name), now.get(name), `${path}[${key}=${name}]`));
}

function isKeyOf(key: string, items: readonly Json[]): boolean {
  const values = items.map((item) => (isJsonObject(item) ? item[key] : undefined));
  return (
    values.every((value) => typeof value === "string" || typeof value === "number") &&
    new Set(values).size === values.length
  );
}

function join(path: string, name: string): string {
  const step = /^[\w-]+$/.test(name) ? name : `["${name}"]`;
  return path === "" ? step : step.startsWith("[") ? path + step : `${path}.${step}`;
}
