import { isTemplate, type Value, type ValueObject } from "../language";
import type { ResourceConfig, StackConfig } from "../tree";

/** What a replica has from its source without saying so. Writing it down at a promotion changes nothing. */
const OF_A_REPLICA = ["allocated_storage", "db_name", "engine", "engine_version", "storage_encrypted", "username"];

/** The value that an object takes over from another one of the same tree; undefined when it takes over none. */
export function inheritedValue(
  stacks: readonly StackConfig[],
  type: string,
  path: string,
  value: ValueObject,
): Value | undefined {
  if (type !== "aws_db_instance" || !OF_A_REPLICA.includes(path)) return undefined;
  const source = value.replicate_source_db;
  if (typeof source !== "string") return undefined;
  // In another region the source is named by its ARN, in the same one by its identifier.
  const identifier = source.slice(source.lastIndexOf(":") + 1);
  const given = databaseOf(stacks, identifier)?.body[path];
  const isOpen = typeof given === "string" && isTemplate(given);
  return given === undefined || given === null || isOpen || typeof given === "object" ? undefined : given;
}

function databaseOf(stacks: readonly StackConfig[], identifier: string): ResourceConfig | undefined {
  return stacks
    .flatMap(({ resources }) => resources)
    .find(({ type, body }) => type === "aws_db_instance" && body.identifier === identifier);
}
