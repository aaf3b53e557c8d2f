import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseDocument } from "yaml";
import { errors } from "../errors";
import { isJsonObject, type JsonObject, readText } from "./json-file";
import type { KubernetesObject } from "./stack";

/** The objects of a folder of manifests, as `cdk8s synth` writes it; none when there is no such folder. */
export function readManifests(directory: string | undefined): KubernetesObject[] {
  if (directory === undefined || !existsSync(directory)) return [];
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort();
  return files.flatMap((file) =>
    parseManifest(relative(directory, join(directory, file)), readText(join(directory, file))),
  );
}

/** Objects of one file. `List` kinds are opened. */
export function parseManifest(file: string, text: string): KubernetesObject[] {
  // A line of three dashes ends a document wherever it stands: whatever is inside a document is indented.
  return text.split(/^---(?:[ \t].*)?$/m).flatMap((part, index) => {
    const body = parseOne(file, part);
    return body === null || body === undefined ? [] : objectsOf(file, index, body);
  });
}

/** Most documents are the same on both sides of a review, and parsing them is most of the reading. */
const parsed = new Map<string, unknown>();

function parseOne(file: string, text: string): unknown {
  if (parsed.has(text)) return parsed.get(text);
  const document = parseDocument(text, { uniqueKeys: true, logLevel: "silent" });
  const [error] = document.errors;
  if (error) throw errors.malformedYaml(file, error.message.split("\n")[0]!);
  // Aliases could blow a small file up to gigabytes, and cdk8s writes none.
  const body = toPlain(file, () => document.toJS({ maxAliasCount: 0 }) as unknown);
  parsed.set(text, body);
  return body;
}

function toPlain(file: string, convert: () => unknown): unknown {
  try {
    return convert();
  } catch (error) {
    throw errors.malformedYaml(file, (error as Error).message);
  }
}

function objectsOf(file: string, index: number, body: unknown): KubernetesObject[] {
  if (!isJsonObject(body)) throw errors.malformedObject(file, index, "no Kubernetes object");
  if (body.kind === "List" && Array.isArray(body.items))
    return body.items.flatMap((item) => objectsOf(file, index, item));
  return [kubernetesObject(file, body) ?? raiseUnnamed(file, index)];
}

function raiseUnnamed(file: string, index: number): never {
  throw errors.malformedObject(file, index, "kind or metadata.name is missing");
}

/** @returns undefined when the body has no kind or no name */
export function kubernetesObject(file: string, body: JsonObject): KubernetesObject | undefined {
  const { kind, metadata } = body;
  if (typeof kind !== "string" || !isJsonObject(metadata) || typeof metadata.name !== "string") return undefined;
  const namespace = typeof metadata.namespace === "string" ? metadata.namespace : undefined;
  const id = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${metadata.name}`;
  return { file, id, kind, ...(namespace !== undefined && { namespace }), name: metadata.name, body };
}
