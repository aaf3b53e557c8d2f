import { type Attribute, type Block, isStructured } from "@hft/provider-schemas";
import { isList, isObject, Settled, Unknown, type Value } from "../language";

/** Long texts are policies and user data; what differs in them has its own line. */
const TEXT_LENGTH_MAX = 160;

/** A value as a reader of the report sees it. */
export function displayValue(value: Value): string {
  const text = textOf(value);
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX - 1)}…` : text;
}

function textOf(value: Value): string {
  if (value === null) return "null";
  if (value instanceof Unknown) return "(known after apply)";
  if (value instanceof Settled) return value.encoded === undefined ? settledText(value) : textOf(value.encoded);
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(textOf).join(", ")}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .map((name) => `${name}: ${textOf(value[name]!)}`)
      .join(", ")}}`;
  return String(value);
}

/** `stack:aws_vpc.main.id` is shown as the reference that it is. */
function settledText({ key }: Settled): string {
  const made = /^[^()]*:([^()]+)$/.exec(key.replace("′", ""));
  return key.includes("′") ? `(new ${made?.[1] ?? "value"})` : `(${made?.[1] ?? "decided by the cloud"})`;
}

const SECRET_NAME = /(password|secret_string|private_key|auth_token|preshared_key|api_token|client_secret)/;

/** Whether the report must not show the value at a path such as `master_password` or `set[0].value`. */
export function isSensitive(schema: Block | undefined, path: string): boolean {
  const steps = path
    .replaceAll(/\[[^\]]*\]/g, "")
    .split(".")
    .filter((step) => step !== "");
  if (steps.some((step) => SECRET_NAME.test(step) && !/(_arn|_id|_version|_name|manage_)/.test(step))) return true;
  let block: Pick<Block, "attributes" | "blocks"> | undefined = schema;
  for (const step of steps) {
    const attribute: Attribute | undefined = block?.attributes[step];
    if (attribute?.sensitive) return true;
    block = attribute
      ? isStructured(attribute)
        ? { attributes: attribute.nested.attributes, blocks: {} }
        : undefined
      : block?.blocks[step]?.block;
  }
  return false;
}
