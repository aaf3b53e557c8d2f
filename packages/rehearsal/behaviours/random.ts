import { randomBytes, randomInt } from "node:crypto";
import type { Json } from "../protocol/value";
import type { Behaviours, Resource } from "./behaviour";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const CLASSES: readonly (readonly [attribute: string, characters: string])[] = [
  ["lower", LOWER],
  ["upper", LOWER.toUpperCase()],
  ["numeric", "0123456789"],
  ["special", "!@#$%&*()-_=+[]{}<>:?"],
];

const TEXT = { id: "{uuid}", computed: { result: (resource: Resource) => text(resource), bcrypt_hash: "" } };

/** Random values: made once, known to no service. */
export const RANDOM: Behaviours = {
  random_password: TEXT,
  random_string: TEXT,
  random_uuid: { id: "{uuid}", computed: { result: "{id}" } },
  random_id: {
    id: "{uuid}",
    computed: {
      hex: ({ attributes }) => bytes(attributes.byte_length, "hex"),
      b64_std: ({ attributes }) => bytes(attributes.byte_length, "base64"),
      b64_url: ({ attributes }) => bytes(attributes.byte_length, "base64url"),
      dec: () => String(randomInt(2 ** 47)),
    },
  },
  random_integer: {
    id: "{uuid}",
    computed: { result: ({ attributes }) => randomInt(Number(attributes.min), Number(attributes.max) + 1) },
  },
  random_pet: { id: "calm-{letters:8}" },
};

function bytes(length: Json | undefined, encoding: BufferEncoding): string {
  return randomBytes(Number(length)).toString(encoding);
}

function text({ attributes }: Resource): string {
  const allowed = CLASSES.filter(([attribute]) => attributes[attribute] !== false);
  const characters = allowed
    .map(([attribute, all]) => (attribute === "special" ? String(attributes.override_special ?? all) : all))
    .join("");
  return Array.from({ length: Number(attributes.length) }, () => characters[randomInt(characters.length)]).join("");
}
