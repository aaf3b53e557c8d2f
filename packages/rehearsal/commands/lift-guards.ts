import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What protects a resource from destruction, and the value that does not. */
const GUARDS: Readonly<Record<string, unknown>> = {
  prevent_destroy: false,
  deletion_protection: false,
  enable_deletion_protection: false,
};
/** What a bucket or database needs so that it can go with what is in it. */
const DISPOSABLE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws_s3_bucket: { force_destroy: true },
  aws_ecr_repository: { force_delete: true },
  aws_db_instance: { skip_final_snapshot: true },
};

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Writes a copy of a synthesized tree in which everything may be destroyed. @returns how many guards it lifted */
export function liftGuards(tree: string, to: string): number {
  rmSync(to, { recursive: true, force: true });
  cpSync(tree, to, { recursive: true });
  let lifted = 0;
  for (const stack of readdirSync(join(to, "stacks"))) {
    const path = join(to, "stacks", stack, "cdk.tf.json");
    const content = JSON.parse(readFileSync(path, "utf8")) as { resource?: Record<string, Record<string, Json>> };
    for (const [type, named] of Object.entries(content.resource ?? {})) {
      for (const resource of Object.values(named)) {
        lifted += lift(resource);
        Object.assign(resource as object, DISPOSABLE[type]);
      }
    }
    writeFileSync(path, JSON.stringify(content, undefined, 2));
  }
  return lifted;
}

function lift(value: Json): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + lift(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  let lifted = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (name in GUARDS && inner === true) {
      value[name] = GUARDS[name] as Json;
      lifted += 1;
    } else {
      lifted += lift(inner);
    }
  }
  return lifted;
}
