import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LOG = "terraform-errors.log";
/** Stands beside a stack once Terraform was told to apply or destroy it. */
const BEGAN = "terraform-began";

/**
 * Writes a program that is Terraform, but keeps what it says of errors in a file beside the stack: cdktf 0.21 often
 * loses the last thing that Terraform prints, which is the reason why it failed. It also leaves a mark where Terraform
 * was told to apply or destroy: what cdktf prints of a stack may come from its preparation alone. @returns the
 * program's path
 */
export function terraformWithErrorLog(directory: string): string {
  const path = join(directory, "terraform");
  mkdirSync(directory, { recursive: true });
  const mark = `for word in "$@"; do case "$word" in apply|destroy) : >${BEGAN};; esac; done`;
  writeFileSync(path, `#!/bin/sh\n${mark}\nexec terraform "$@" 2>>${LOG}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Whether Terraform was told to apply or destroy the stack of a folder. */
export function hasBegun(stackDirectory: string): boolean {
  return existsSync(join(stackDirectory, BEGAN));
}

/** Terraform's errors in a stack's folder, each with its explanation. */
export function loggedErrors(stackDirectory: string): string[] {
  const path = join(stackDirectory, LOG);
  return existsSync(path) ? errorsIn(readFileSync(path, "utf8")) : [];
}

export function errorsIn(text: string): string[] {
  const [, ...errors] = text.replaceAll("\r", "").split(/^Error: /m);
  return errors.map((error) =>
    withoutWarnings(error)
      .replace(/\n{2,}/g, "\n")
      .trim(),
  );
}

function withoutWarnings(error: string): string {
  return error.split(/^Warning: /m)[0]!;
}
