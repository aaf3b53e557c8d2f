import { existsSync, readFileSync } from "node:fs";
import { replaceFile } from "@hft/toolkit";
import { type Environment, type EnvironmentInput, loadEnvironments } from "../../../environments";
import type { EnvironmentChange, Value } from "../scenarios/action";

/**
 * An environment with the changes that a rehearsed drill has made to it. The file of the environment itself is left
 * alone; the changes are kept beside the rehearsal, so that a resumed drill knows them.
 */
export class EnvironmentOverlay {
  private changes: EnvironmentChange[];

  constructor(
    private readonly base: EnvironmentInput,
    private readonly file: string,
  ) {
    this.changes = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  }

  input(): EnvironmentInput {
    const input = structuredClone(this.base) as unknown as Record<string, Value>;
    for (const { field, to } of this.changes) setField(input, field, to);
    return input as unknown as EnvironmentInput;
  }

  /** @throws InvalidEnvironments when a change breaks a rule */
  environment(): Environment {
    const input = this.input();
    return loadEnvironments({ [input.name]: input })[0]!;
  }

  change(changes: readonly EnvironmentChange[]): void {
    const fields = new Set(changes.map(({ field }) => field));
    this.changes = [...this.changes.filter(({ field }) => !fields.has(field)), ...changes];
    replaceFile(this.file, JSON.stringify(this.changes, null, 2));
  }
}

/** Sets `database.generation.eu-west-1`. @throws when the path does not exist: a drill changes what is there */
function setField(input: Record<string, Value>, field: string, to: Value): void {
  const path = field.split(".");
  const last = path.pop()!;
  let target: Record<string, Value> = input;
  for (const part of path) target = target[part] as Record<string, Value>;
  if (!(last in target)) throw new Error(`the environment has no field ${field}`);
  target[last] = to;
}
