import { isList, isObject, type Value } from "./value";

/** Text as Terraform's `jsonencode` writes it: sorted keys, no spaces, and `<`, `>`, `&` escaped as Go does. */
export function jsonText(value: Value): string {
  return plain(value).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function plain(value: Value): string {
  if (isList(value)) return `[${value.map(plain).join(",")}]`;
  if (isObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${plain(value[name]!)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}
