import type { JsonObject } from "../protocol/value";
import type { Behaviour, Behaviours } from "./behaviour";
import { fillTemplate } from "./template";

const BEHAVIOURS: Behaviours = {};

const PLAIN: Behaviour = {};

/** How a resource type behaves; one that nobody described gets the defaults. */
export function behaviourOf(type: string): Behaviour {
  return BEHAVIOURS[type] ?? PLAIN;
}

/** Types that refer to others, with what they refer to. */
export function behaviours(): Behaviours {
  return BEHAVIOURS;
}

/** The id of a new object. */
export function newId(
  type: string,
  where: { owner: string; region: string; attributes: JsonObject; seed: string },
): string {
  const { id = "{hex:17}" } = behaviourOf(type);
  return typeof id === "function" ? id(where.attributes) : fillTemplate(id, where);
}

/** The id of an object that exists, from its attributes. */
export function idOf(type: string, owner: string, attributes: JsonObject): string {
  if (typeof attributes.id === "string" && attributes.id !== "") return attributes.id;
  return newId(type, { owner, region: "", attributes, seed: "" });
}
