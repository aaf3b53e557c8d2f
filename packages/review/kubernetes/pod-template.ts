import { isJsonObject, type Json, type JsonObject } from "../tree";

/** Reads along a path of names; undefined when it ends early. */
export function at(json: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((part, name) => (isJsonObject(part) ? part[name] : undefined), json);
}

/** The pod template of a workload, or the pod itself. */
export function podTemplateOf(body: JsonObject): JsonObject | undefined {
  const path = { Pod: [], CronJob: ["spec", "jobTemplate", "spec", "template"] }[String(body.kind)] ?? [
    "spec",
    "template",
  ];
  const template = path.length === 0 ? body : at(body, ...path);
  return isJsonObject(template) && isJsonObject(template.spec) && Array.isArray(template.spec.containers)
    ? template
    : undefined;
}

export function containersOf(body: JsonObject): JsonObject[] {
  const spec = at(podTemplateOf(body), "spec");
  return ["initContainers", "containers"].flatMap((list) => {
    const containers = at(spec, list);
    return Array.isArray(containers) ? containers.filter(isJsonObject) : [];
  });
}
