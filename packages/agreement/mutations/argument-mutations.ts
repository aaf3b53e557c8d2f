import { type Attribute, isStructured } from "@hft/provider-schemas";
import { isJsonObject, type Json } from "@hft/review";
import type { Random } from "@hft/toolkit";
import type { MutationContext, Mutator } from "./mutation";
import { altered, type Literal, literalsIn, META, type ResourceEntry, resourcesIn } from "./resource-entries";

/** Changes of what a resource says about itself. */
export const ARGUMENT_MUTATORS: readonly Mutator[] = [
  { kind: "change", apply: (scene) => changeLiteral(scene) },
  { kind: "change", apply: (scene) => changeLiteral(scene, (literal) => !literal.path.includes(".")) },
  { kind: "remove argument", apply: removeArgument },
  { kind: "add argument", apply: addArgument },
  { kind: "retype", apply: retype },
  { kind: "retarget", apply: retarget },
  { kind: "provider defaults", apply: changeDefaults },
  { kind: "reorder", apply: reorder },
  { kind: "several changes", apply: several },
];

function aResource(
  { random, stack }: MutationContext,
  test: (place: ResourceEntry) => boolean = () => true,
): ResourceEntry | undefined {
  return random.pick(resourcesIn(stack).filter(test));
}

function changeLiteral(scene: MutationContext, test: (literal: Literal) => boolean = () => true): string | undefined {
  const place = aResource(scene);
  const literal = place && scene.random.pick(literalsIn(place.body, place.schema).filter(test));
  if (!literal) return undefined;
  const next = altered(literal.value);
  literal.set(next);
  return `${place.address} ${literal.path}: ${JSON.stringify(literal.value)} → ${JSON.stringify(next)}`;
}

function several(scene: MutationContext): string | undefined {
  const made = Array.from({ length: 3 }, () => changeLiteral(scene)).filter((text) => text !== undefined);
  return made.length === 0 ? undefined : made.join("; ");
}

function removeArgument(scene: MutationContext): string | undefined {
  const place = aResource(scene);
  if (!place) return undefined;
  const names = Object.keys(place.body).filter((name) => {
    const attribute = place.schema.attributes[name];
    const block = place.schema.blocks[name];
    return !META.includes(name) && ((attribute && !attribute.required) || (block && block.minItems === 0));
  });
  const name = scene.random.pick(names);
  if (name === undefined) return undefined;
  delete place.body[name];
  return `${place.address} without ${name}`;
}

function addArgument(scene: MutationContext): string | undefined {
  const place = aResource(scene);
  if (!place) return undefined;
  const free = Object.entries(place.schema.attributes).filter(
    ([name, attribute]) =>
      attribute.optional && !(name in place.body) && name !== "id" && sampleOf(attribute, scene.random) !== undefined,
  );
  const found = scene.random.pick(free);
  if (!found) return undefined;
  const value = sampleOf(found[1], scene.random)!;
  place.body[found[0]] = value;
  return `${place.address} with ${found[0]} = ${JSON.stringify(value)}`;
}

function sampleOf(attribute: Attribute, random: Random): Json | undefined {
  if (isStructured(attribute)) return undefined;
  const { type } = attribute;
  if (type === "string") return `sample-${random.below(100)}`;
  if (type === "number") return 7 + random.below(20);
  if (type === "bool") return random.below(2) === 0;
  if (Array.isArray(type) && type[1] === "string") return type[0] === "map" ? { added: "yes" } : ["sample"];
  return undefined;
}

/** The same value written in another type, which Terraform converts back. */
function retype(scene: MutationContext): string | undefined {
  const place = aResource(scene);
  const literals = place ? literalsIn(place.body, place.schema) : [];
  const literal = scene.random.pick(literals.filter(({ value, attribute }) => canRetype(value, attribute)));
  if (!literal) return undefined;
  const next =
    typeof literal.value === "string"
      ? literal.value === "true" || literal.value === "false"
        ? literal.value === "true"
        : Number(literal.value)
      : String(literal.value);
  literal.set(next);
  return `${place!.address} ${literal.path}: ${JSON.stringify(literal.value)} → ${JSON.stringify(next)}`;
}

function canRetype(value: string | number | boolean, attribute: Attribute): boolean {
  if (isStructured(attribute) || attribute.type === "dynamic") return false;
  return (
    typeof value !== "string" ||
    value === "true" ||
    value === "false" ||
    (/^\d+$/.test(value) && String(Number(value)) === value)
  );
}

/** Lets a reference point to another resource of the same type. */
function retarget(scene: MutationContext): string | undefined {
  const { random, stack } = scene;
  const places = resourcesIn(stack);
  const pairs = places.flatMap((place) =>
    places.filter((other) => other.type === place.type && other !== place).map((other) => [place, other] as const),
  );
  const holders = places.filter(({ body }) =>
    pairs.some(([from]) => JSON.stringify(body).includes(`\${${from.address}.`)),
  );
  const holder = random.pick(holders);
  if (!holder) return undefined;
  const text = JSON.stringify(holder.body);
  const [from, to] =
    random.pick(pairs.filter(([target, other]) => text.includes(`\${${target.address}.`) && other !== holder)) ?? [];
  if (!from || !to) return undefined;
  replaceBody(holder, text.replace(`\${${from.address}.`, `\${${to.address}.`));
  return `${holder.address} refers to ${to.address} instead of ${from.address}`;
}

function replaceBody(place: ResourceEntry, text: string): void {
  for (const name of Object.keys(place.body)) delete place.body[name];
  Object.assign(place.body, JSON.parse(text));
}

function changeDefaults({ random, stack }: MutationContext): string | undefined {
  const providers = isJsonObject(stack.json.provider) ? stack.json.provider.aws : undefined;
  const provider = Array.isArray(providers) ? providers.find(isJsonObject) : undefined;
  const blocks = provider?.default_tags;
  const block = Array.isArray(blocks) ? blocks[0] : blocks;
  const tags = isJsonObject(block) && isJsonObject(block.tags) ? block.tags : undefined;
  if (!tags) return undefined;
  if (random.below(2) === 0) {
    tags.reviewed = "yes";
    return "the provider's default tags get one more";
  }
  const name = random.pick(Object.keys(tags))!;
  tags[name] = `${String(tags[name])}-x`;
  return `the provider's default tag ${name} changes`;
}

/** Another order of keys everywhere and of the elements of a set. */
function reorder({ random, stack }: MutationContext): string {
  for (const { body, schema } of resourcesIn(stack)) {
    for (const [name, value] of Object.entries(body)) {
      const attribute = schema.attributes[name];
      const isSet =
        attribute && !isStructured(attribute) && Array.isArray(attribute.type) && attribute.type[0] === "set";
      if ((isSet || schema.blocks[name]?.nesting === "SET") && Array.isArray(value))
        body[name] = random.shuffled(value);
    }
  }
  stack.json = shuffledKeys(stack.json, random) as typeof stack.json;
  return "keys and elements of sets in another order";
}

function shuffledKeys(json: Json, random: Random): Json {
  if (Array.isArray(json)) return json.map((item) => shuffledKeys(item, random));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    random.shuffled(Object.entries(json)).map(([name, value]) => [name, shuffledKeys(value, random)]),
  );
}
