import type { Attribute, Block } from "@hft/provider-schemas";
import { behaviourOf } from "../behaviours";
import type { Resource } from "../behaviours/behaviour";
import { defaultValue } from "../behaviours/default-value";
import { fillTemplate } from "../behaviours/template";
import { completeBody } from "../planning/completion";
import type { Json, ValueObject } from "../protocol/value";

const ARN: Attribute = { type: "string", required: false, optional: false, computed: true };

/**
 * The state of a resource that was just made or changed: the plan, with a value for everything that was unknown.
 * @param resource - with its id
 * @param seed - generated parts follow from it
 */
export function newState(resource: Resource, schema: Block, planned: ValueObject, seed: string): ValueObject {
  const { type, owner, region } = resource;
  const { computed = {} } = behaviourOf(type);
  const evaluate = (attributes: Resource["attributes"], path: string, attribute: Attribute): Json => {
    if (path === "id") return attributes.id ?? null;
    const given = computed[path];
    if (typeof given === "function") return given({ ...resource, attributes });
    const values = { attributes, owner, region, seed };
    if (typeof given === "string") return fillTemplate(given, values);
    return given ?? defaultValue(type, path, attribute, values);
  };
  // First, because other values are built of it.
  const arn = evaluate(resource.attributes, "arn", ARN);
  const attributes = { ...resource.attributes, arn };
  return completeBody(schema, planned, (path, attribute) => evaluate(attributes, path, attribute));
}
