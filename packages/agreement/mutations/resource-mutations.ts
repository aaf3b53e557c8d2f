import { isJsonObject, type Json, type JsonObject } from "@hft/review";
import type { MutationContext, Mutator } from "./mutation";
import { altered, literalsIn, type ResourceEntry, refersTo, resourcesIn, withRenamed } from "./resource-entries";

/** Changes of which resources there are and what they are called. */
export const RESOURCE_MUTATORS: readonly Mutator[] = [
  { kind: "add resource", apply: addResource },
  { kind: "remove resource", apply: removeUnused },
  { kind: "remove resource", apply: removeWithDependents },
  { kind: "rename", apply: (scene) => rename(scene, false) },
  { kind: "rename with moved", apply: (scene) => rename(scene, true) },
  { kind: "move between constructs", apply: (scene) => moveGroup(scene, false) },
  { kind: "move between constructs with moved", apply: (scene) => moveGroup(scene, true) },
  { kind: "rename and change", apply: renameAndChange },
  { kind: "count", apply: count },
  { kind: "for_each", apply: forEach },
  { kind: "lifecycle", apply: lifecycle },
  { kind: "removed block", apply: removedBlock },
  { kind: "output", apply: output },
  { kind: "data depends on a change", apply: dataDepends },
];

function byType(stack: MutationContext["stack"], mode: "resource" | "data", type: string): JsonObject {
  return (stack.json[mode] as JsonObject)[type] as JsonObject;
}

function addResource({ random, stack }: MutationContext): string | undefined {
  const place = random.pick(resourcesIn(stack));
  if (!place) return undefined;
  const copy = JSON.parse(JSON.stringify(place.body)) as JsonObject;
  for (const literal of literalsIn(copy, place.schema)) {
    if (/(^|\.)(name|bucket|identifier|alarm_name|alias|user_id|user_group_id)$/.test(literal.path))
      literal.set(altered(literal.value));
  }
  byType(stack, "resource", place.type)[`${place.name}_copy`] = copy;
  return `${place.address}_copy`;
}

function remove(stack: MutationContext["stack"], place: ResourceEntry): void {
  const siblings = byType(stack, place.mode, place.type);
  delete siblings[place.name];
  if (Object.keys(siblings).length === 0) delete (stack.json[place.mode] as JsonObject)[place.type];
}

function removeUnused({ random, stack }: MutationContext): string | undefined {
  const place = random.pick(resourcesIn(stack).filter(({ address }) => !refersTo(stack, address)));
  if (!place) return undefined;
  remove(stack, place);
  return `without ${place.address}`;
}

/** A resource with everything that refers to it, directly or through others. */
function removeWithDependents({ random, stack }: MutationContext): string | undefined {
  const place = random.pick(resourcesIn(stack));
  if (!place) return undefined;
  const gone = [place];
  remove(stack, place);
  for (let at = 0; at < gone.length; at++) {
    const { address } = gone[at]!;
    for (const mode of ["resource", "data"] as const) {
      for (const other of resourcesIn(stack, mode)) {
        if (!JSON.stringify(other.body).includes(address)) continue;
        gone.push(other);
        remove(stack, other);
      }
    }
    if (refersTo(stack, address)) return undefined;
  }
  return `without ${gone
    .map(({ address }) => address)
    .slice(0, 6)
    .join(", ")}${gone.length > 6 ? ` and ${gone.length - 6} more` : ""}`;
}

function renameOne(stack: MutationContext["stack"], place: ResourceEntry, name: string, withMoved: boolean): void {
  const to = `${place.type}.${name}`;
  const siblings = byType(stack, "resource", place.type);
  siblings[name] = siblings[place.name]!;
  delete siblings[place.name];
  stack.json = withRenamed(stack.json, place.address, to);
  if (!withMoved) return;
  const moved = Array.isArray(stack.json.moved) ? stack.json.moved : [];
  stack.json.moved = [...moved, { from: place.address, to }];
}

function rename({ random, stack }: MutationContext, withMoved: boolean): string | undefined {
  const place = random.pick(resourcesIn(stack));
  if (!place) return undefined;
  renameOne(stack, place, `${place.name}_renamed`, withMoved);
  return `${place.address} is called ${place.name}_renamed`;
}

function renameAndChange({ random, stack }: MutationContext): string | undefined {
  const place = random.pick(resourcesIn(stack));
  const literal = place && random.pick(literalsIn(place.body, place.schema));
  if (!literal) return undefined;
  literal.set(altered(literal.value));
  renameOne(stack, place, `${place.name}_renamed`, true);
  return `${place.address} is called ${place.name}_renamed, with another ${literal.path}`;
}

/** Everything under one construct gets a longer path, and with it another logical id. */
function moveGroup({ random, stack }: MutationContext, withMoved: boolean): string | undefined {
  const place = random.pick(resourcesIn(stack));
  if (!place) return undefined;
  const group = place.name.split("_")[0]!;
  const members = resourcesIn(stack).filter(({ name }) => name.split("_")[0] === group);
  for (const member of members) {
    renameOne(stack, member, `core_${member.name.replace(/_[0-9A-F]{8}$/, "")}_${hash(member.address)}`, withMoved);
  }
  return `${members.length} resources of ${group} move under core`;
}

/** Eight digits, as cdktf puts behind a logical id. */
function hash(text: string): string {
  let value = 0;
  for (const letter of text) value = (Math.imul(value, 31) + letter.charCodeAt(0)) >>> 0;
  return value.toString(16).toUpperCase().padStart(8, "0");
}

function plainResources({ stack }: MutationContext): ResourceEntry[] {
  return resourcesIn(stack).filter(
    ({ body, address }) => !("count" in body) && !("for_each" in body) && !refersTo(stack, address),
  );
}

function count(scene: MutationContext): string | undefined {
  const place = scene.random.pick(plainResources(scene));
  if (!place) return undefined;
  place.body.count = scene.random.below(3);
  return `${place.address} with count ${String(place.body.count)}`;
}

function forEach(scene: MutationContext): string | undefined {
  const place = scene.random.pick(plainResources(scene));
  if (!place) return undefined;
  place.body.for_each = { a: "one", b: "two" };
  if (scene.random.below(2) === 0) scene.stack.json.moved = [{ from: place.address, to: `${place.address}["a"]` }];
  return `${place.address} with for_each over a and b`;
}

function lifecycle({ random, stack }: MutationContext): string | undefined {
  const places = resourcesIn(stack);
  const place = random.pick(places);
  const literal = place && random.pick(literalsIn(place.body, place.schema));
  if (!literal) return undefined;
  const own = isJsonObject(place.body.lifecycle) ? place.body.lifecycle : {};
  const trigger = random.pick(
    places.filter(({ address }) => address !== place.address && !reaches(stack, address, place.address)),
  );
  const kinds: Record<string, Json>[] = [
    { create_before_destroy: true },
    { ignore_changes: "all" },
    { ignore_changes: [literal.path.split(/[.[]/)[0]!] },
    ...(trigger ? [{ replace_triggered_by: [trigger.address] }] : []),
  ];
  const chosen = random.pick(kinds)!;
  place.body.lifecycle = { ...own, ...chosen };
  const changed = chosen.replace_triggered_by ? random.pick(literalsIn(trigger!.body, trigger!.schema)) : literal;
  changed?.set(altered(changed.value));
  return `${place.address} with ${JSON.stringify(chosen)} and another ${changed?.path ?? "nothing"}`;
}

/** Whether an address refers to another, directly or through others: a trigger that way would be a cycle. */
function reaches(stack: MutationContext["stack"], from: string, to: string): boolean {
  const places = [...resourcesIn(stack), ...resourcesIn(stack, "data")];
  const seen = new Set<string>();
  const pending = [from];
  while (pending.length > 0) {
    const place = places.find(({ address }) => address === pending.at(-1));
    pending.pop();
    if (!place || seen.has(place.address)) continue;
    if (place.address === to) return true;
    seen.add(place.address);
    const text = JSON.stringify(place.body);
    pending.push(...places.map(({ address }) => address).filter((address) => text.includes(address)));
  }
  return false;
}

function removedBlock({ random, stack }: MutationContext): string | undefined {
  const place = random.pick(resourcesIn(stack).filter(({ address }) => !refersTo(stack, address)));
  if (!place) return undefined;
  remove(stack, place);
  const destroy = random.below(3) === 0;
  stack.json.removed = [{ from: place.address, lifecycle: { destroy } }];
  return `${place.address} removed with destroy = ${destroy}`;
}

function output({ random, stack }: MutationContext): string | undefined {
  const place = random.pick(resourcesIn(stack).filter(({ schema }) => "id" in schema.attributes));
  if (!place) return undefined;
  const outputs = isJsonObject(stack.json.output) ? stack.json.output : {};
  stack.json.output = { ...outputs, extra: { value: `\${${place.address}.id}`, sensitive: true } };
  return `an output with the id of ${place.address}`;
}

function dataDepends({ random, stack }: MutationContext): string | undefined {
  const source = random.pick(resourcesIn(stack, "data"));
  const place = random.pick(
    resourcesIn(stack).filter(({ address }) => source && !reaches(stack, address, source.address)),
  );
  const literal = place && random.pick(literalsIn(place.body, place.schema));
  if (!source || !literal) return undefined;
  const before = Array.isArray(source.body.depends_on) ? source.body.depends_on : [];
  source.body.depends_on = [...before, place.address];
  literal.set(altered(literal.value));
  return `${source.address} depends on ${place.address}, of which ${literal.path} changes`;
}
