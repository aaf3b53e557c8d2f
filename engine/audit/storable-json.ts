/** Escapes that JSON allows and PostgreSQL's jsonb and text refuse: NUL, and halves of characters. */
const REFUSED = /\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/i;
const REPLACEMENT = "\ufffd";

/**
 * JSON in one line that every store takes, made from a value and never from text as somebody sent it: a byte order
 * mark, line breaks between tokens, or names that come twice are gone with the text.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return REFUSED.test(text) ? (JSON.stringify(cleaned(value)) ?? "null") : text;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\0", REPLACEMENT);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [cleaned(name), cleaned(field)]));
}
