import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** What a checkout must have to be measured. */
const PARTS = ["engine/bench/subject-process.ts", "node_modules"];

/** Root of another checkout of this repository, as the caller of npm sees it. */
export function checkoutFrom(folder: string): string {
  const path = resolve(process.env.INIT_CWD ?? ".", folder);
  for (const part of PARTS) {
    if (!statSync(join(path, part), { throwIfNoEntry: false })) {
      throw new InvalidArgumentError(`${path} has no ${part}; give a checkout of this repository after npm ci`);
    }
  }
  return path;
}
