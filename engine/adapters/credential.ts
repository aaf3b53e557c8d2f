import { readFileSync } from "node:fs";

/** A password from a mounted file: plain text, or the JSON that Secrets Manager keeps for a database. */
export function readCredential(path: string): string {
  const text = readFileSync(path, "utf8").trim();
  if (!text.startsWith("{")) return text;
  const { password } = JSON.parse(text) as { password?: unknown };
  if (typeof password !== "string") throw new Error(`${path}: the JSON has no "password"`);
  return password;
}
