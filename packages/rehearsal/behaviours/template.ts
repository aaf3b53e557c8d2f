import { createHash } from "node:crypto";
import type { JsonObject } from "../protocol/value";

/** What a template can refer to. */
export interface TemplateValues {
  readonly attributes: JsonObject;
  readonly owner: string;
  readonly region: string;
  /** Never the same twice; generated parts follow from it. */
  readonly seed: string;
}

/**
 * Fills in a template: `{name}` is an attribute, `{region}` and `{account}` are where the object is, and `{hex:17}`,
 * `{digits:12}`, `{upper:14}` and `{uuid}` are generated. The same seed gives the same text, and two equal parts of one
 * template are equal.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replace(/\{([a-z_0-9]+)(?::(\d+))?\}/g, (_, name: string, length: string | undefined) => {
    const generated = generate(name, Number(length ?? 0), values.seed);
    if (generated !== undefined) return generated;
    if (name === "account") return values.owner;
    const attribute = values.attributes[name];
    if (typeof attribute === "string" || typeof attribute === "number") return String(attribute);
    return name === "region" ? values.region : "";
  });
}

const ALPHABETS: Readonly<Record<string, string>> = {
  hex: "0123456789abcdef",
  digits: "0123456789",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  letters: "abcdefghijklmnopqrstuvwxyz",
};

function generate(name: string, length: number, seed: string): string | undefined {
  if (name === "uuid") {
    const hex = generate("hex", 32, seed)!;
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  const alphabet = ALPHABETS[name];
  if (!alphabet) return undefined;
  const bytes = createHash("sha512").update(`${seed} ${name}`).digest();
  return [...bytes.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
