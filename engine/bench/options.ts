import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** What a checkout must have to be measured. */
const PARTS = ["engine/bench/subject-process.ts", "node_modules"];

/** As the caller sees it: npm runs a workspace's script inside of the workspace. */
const asCalled = (path: string) => resolve(process.env.INIT_CWD ?? ".", path);

export const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`give a whole number from ${least} on`);
    return value;
  };

/** A file that can be written when everything has been measured. */
export function writable(file: string): string {
  const path = asCalled(file);
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidArgumentError(`${dirname(path)} is no directory; give a file in one that exists`);
  }
  return path;
}

/** Root of another checkout of this repository. */
export function checkoutFrom(folder: string): string {
  const path = asCalled(folder);
  for (const part of PARTS) {
    if (!statSync(join(path, part), { throwIfNoEntry: false })) {
      throw new InvalidArgumentError(`${path} has no ${part}; give a checkout of this repository after npm ci`);
    }
  }
  return path;
}
