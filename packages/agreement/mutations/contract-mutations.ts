import { isJsonObject, type JsonObject } from "@hft/review";
import type { MutationContext, Mutator } from "./mutation";
import { altered, literalsIn, resourcesIn } from "./resource-entries";

/**
 * Changes of a stack whose contract others read: they are compared in every stack that follows, after the first has
 * really been applied.
 */
export const CONTRACT_MUTATORS: readonly Mutator[] = [
  { kind: "across stacks: a published literal", apply: publishedLiteral },
  { kind: "across stacks: a published resource", apply: publishedResource },
  { kind: "across stacks: a resource behind it", apply: behindPublished },
  { kind: "across stacks: a field more", apply: moreFields },
];

interface Contract {
  readonly body: JsonObject;
  readonly text: string;
}

function contractsIn({ stack }: MutationContext): Contract[] {
  return resourcesIn(stack)
    .filter(({ type, body }) => type === "aws_ssm_parameter" && typeof body.insecure_value === "string")
    .map(({ body }) => ({ body, text: body.insecure_value as string }));
}

function publishedLiteral(scene: MutationContext): string | undefined {
  const contract = scene.random.pick(contractsIn(scene));
  const literals = [...(contract?.text.matchAll(/"(\w+)" ?[=:] ?"([^"$\\]+)"/g) ?? [])];
  const found = scene.random.pick(literals);
  if (!contract || !found) return undefined;
  contract.body.insecure_value = contract.text.replace(
    found[0],
    found[0].replace(found[2]!, String(altered(found[2]!))),
  );
  return `${String(contract.body.name)}: ${found[1]} changes`;
}

function published(scene: MutationContext): string[] {
  const texts = contractsIn(scene).map(({ text }) => text);
  return resourcesIn(scene.stack)
    .map(({ address }) => address)
    .filter((address) => texts.some((text) => text.includes(`${address}.`)));
}

function publishedResource(scene: MutationContext): string | undefined {
  const addresses = published(scene);
  const place = scene.random.pick(resourcesIn(scene.stack).filter(({ address }) => addresses.includes(address)));
  const literal = place && scene.random.pick(literalsIn(place.body, place.schema));
  if (!literal) return undefined;
  literal.set(altered(literal.value));
  return `${place.address}, which is published, with another ${literal.path}`;
}

function behindPublished(scene: MutationContext): string | undefined {
  const addresses = published(scene);
  const places = resourcesIn(scene.stack);
  const texts = places.filter(({ address }) => addresses.includes(address)).map(({ body }) => JSON.stringify(body));
  const behind = places.filter(({ address }) => texts.some((text) => text.includes(`${address}.`)));
  const place = scene.random.pick(behind);
  const literal =
    place && scene.random.pick(literalsIn(place.body, place.schema).filter(({ path }) => !path.includes(".")));
  if (!literal) return undefined;
  literal.set(altered(literal.value));
  return `${place.address}, behind what is published, with another ${literal.path}`;
}

function moreFields(scene: MutationContext): string | undefined {
  const contract = scene.random.pick(contractsIn(scene));
  if (!contract || !isJsonObject(contract.body)) return undefined;
  const opened = /jsonencode\(\{/.exec(contract.text);
  if (!opened) return undefined;
  contract.body.insecure_value = contract.text.replace(opened[0], `${opened[0]}"extra" = "more", `);
  return `${String(contract.body.name)} has one field more`;
}
