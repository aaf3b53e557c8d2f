import { readFileSync, statSync } from "node:fs";
import { errors } from "../errors";

/** cdktf's largest stacks are a few MiB; what is larger is a mistake or an attack, and would take minutes. */
const FILE_SIZE_MAX_MIB = 32;
/** Terraform's own configuration never nests this deep; recursion further down relies on it. */
const DEPTH_MAX = 100;

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** Text of a file of acceptable size. */
export function readText(file: string): string {
  const sizeMiB = statSync(file).size / 2 ** 20;
  if (sizeMiB > FILE_SIZE_MAX_MIB) throw errors.tooLarge(file, Math.ceil(sizeMiB), FILE_SIZE_MAX_MIB);
  return readFileSync(file, "utf8");
}

export function parseJson(file: string, text: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw errors.malformedJson(file, (error as Error).message);
  }
  if (!isJsonObject(json)) throw errors.malformedJson(file, "an object was expected at the top");
  if (isDeeperThan(json, DEPTH_MAX)) throw errors.tooDeep(file, DEPTH_MAX);
  return json;
}

export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isDeeperThan(json: unknown, limit: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return limit === 0 || Object.values(json).some((item) => isDeeperThan(item, limit - 1));
}
