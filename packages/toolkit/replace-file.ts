import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file whole or not at all: beside it first, then in its place, so that nobody reads half of it and a process
 * that ends leaves the old one. It is not synced: what has to survive a power cut is the engine's business.
 * @param options.mode rights of a new file; those of `writeFile` when left out
 */
export function replaceFile(
  file: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): void {
  mkdirSync(dirname(file), { recursive: true });
  // Two processes may replace the same file at a time.
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, content, options);
  renameSync(partial, file);
}
