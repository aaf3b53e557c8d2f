import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { deploy } from "../deploy/deploy";
import { errors } from "../errors";
import { treeIn, treeOfCommit } from "./sides";

export interface DeployOptions {
  readonly base: string;
  readonly tree: string;
  readonly fingerprint: string;
  readonly stacks: string;
  readonly planOnly?: boolean;
}

const FINGERPRINT = /^[0-9a-f]{32}$/;

export async function runDeploy(options: DeployOptions): Promise<number> {
  if (!FINGERPRINT.test(options.fingerprint))
    throw errors.badOption(
      `--fingerprint ${options.fingerprint}: expected 32 hexadecimal digits, as printed by the review`,
    );
  const isDirectory = existsSync(options.base) && statSync(options.base).isDirectory();
  const base = isDirectory ? treeIn(options.base) : await treeOfCommit(process.cwd(), options.base);
  const head = treeIn(resolve(options.tree));
  const stacks = await deploy({
    base,
    head,
    fingerprint: options.fingerprint,
    selects: selectorOf(options.stacks),
    planOnly: options.planOnly === true,
    environment: process.env,
    tell: (line) => console.log(line),
  });
  const count = (status: string): number => stacks.filter((stack) => stack.status === status).length;
  console.log(
    options.planOnly
      ? `${count("matches")} stacks match the review, ${count("waits")} can only be planned after others are applied`
      : `${count("applied")} stacks applied, ${count("unchanged")} unchanged`,
  );
  return 0;
}

/** Names with `*`, separated by commas; those behind a `!` are left out. */
export function selectorOf(patterns: string): (stack: string) => boolean {
  const fits = (stack: string, pattern: string): boolean =>
    new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(stack);
  const all = patterns.split(",").map((pattern) => pattern.trim());
  const wanted = all.filter((pattern) => !pattern.startsWith("!"));
  const unwanted = all.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  return (stack) => wanted.some((pattern) => fits(stack, pattern)) && !unwanted.some((pattern) => fits(stack, pattern));
}
