import { existsSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import { errors } from "../errors";
import { isJsonObject, type Json, type JsonObject, parseJson, readText } from "./json-file";
import type { Backend, Lifecycle, ResourceConfig, StackConfig } from "./stack";

/** The stacks of a folder that `cdktf synth` wrote. */
export function readStacks(directory: string): StackConfig[] {
  const file = join(directory, "manifest.json");
  if (!existsSync(file)) throw errors.noTree(directory);
  const manifest = parseJson(file, readText(file));
  checkVersion(file, manifest.version);
  if (!isJsonObject(manifest.stacks)) throw errors.malformedManifest(file, 'no object "stacks"');
  return Object.entries(manifest.stacks).map(([name, entry]) => {
    if (!isJsonObject(entry)) throw errors.malformedManifest(file, `stacks.${name} is no object`);
    const path = entry.synthesizedStackPath;
    if (typeof path !== "string")
      throw errors.malformedManifest(file, `stacks.${name}.synthesizedStackPath is no text`);
    if (isAbsolute(path) || normalize(path).startsWith("..")) throw errors.outsideTree(file, path);
    const stackFile = join(directory, path);
    if (!existsSync(stackFile)) throw errors.missingStack(file, name, stackFile);
    return parseStack(name, stackFile, readText(stackFile), textsOf(entry.dependencies));
  });
}

/** Before 0.13, outputs and stack paths were written differently. */
const OLDEST_MINOR = 13;

function checkVersion(file: string, version: Json | undefined): void {
  if (typeof version !== "string") throw errors.malformedManifest(file, 'no text "version"');
  const [major, minor] = version.split(".").map(Number);
  if (major === 0 && minor! < OLDEST_MINOR) throw errors.unsupportedVersion(file, version);
}

export function parseStack(name: string, file: string, text: string, dependencies: readonly string[]): StackConfig {
  const json = parseJson(file, text);
  const section = (key: string): JsonObject => {
    const found = json[key] ?? {};
    if (!isJsonObject(found)) throw errors.malformedStack(file, key, "an object was expected");
    return found;
  };
  return {
    name,
    file,
    text: withoutStamp(json),
    dependencies,
    resources: [
      ...resourcesOf(name, file, "resource", section("resource")),
      ...resourcesOf(name, file, "data", section("data")),
    ],
    locals: section("locals"),
    variables: section("variable"),
    outputs: objectsOf(file, "output", section("output")),
    providers: providersOf(file, section("provider")),
    modules: section("module"),
    backend: backendOf(section("terraform")),
    moved: recordsOf(json.moved).map(({ from, to }) => ({ from: String(from), to: String(to) })),
    removed: recordsOf(json.removed).map((entry) => ({ from: String(entry.from), destroy: destroys(entry) })),
    imports: recordsOf(json.import).map(({ to, id }) => ({ to: String(to), id: id ?? null })),
    accept: acceptIn(json["//"]),
  };
}

/** cdktf's own version and the construct metadata say nothing about what is deployed. */
function withoutStamp(json: JsonObject): string {
  return JSON.stringify(json, (key, value: Json) => (key === "//" ? undefined : value));
}

function destroys(removed: JsonObject): boolean {
  const lifecycle = firstRecord(removed.lifecycle);
  return lifecycle?.destroy !== false;
}

function resourcesOf(stack: string, file: string, mode: "resource" | "data", types: JsonObject): ResourceConfig[] {
  return Object.entries(types).flatMap(([type, byName]) =>
    Object.entries(asObject(file, `${mode}.${type}`, byName)).map(([name, body]) =>
      resourceOf(stack, mode, type, name, asObject(file, `${mode}.${type}.${name}`, body)),
    ),
  );
}

function resourceOf(
  stack: string,
  mode: "resource" | "data",
  type: string,
  name: string,
  json: JsonObject,
): ResourceConfig {
  const {
    "//": comment,
    count,
    for_each: forEach,
    depends_on: dependsOn,
    provider,
    lifecycle,
    provisioner: _provisioner,
    connection: _connection,
    ...body
  } = json;
  const metadata = isJsonObject(comment) && isJsonObject(comment.metadata) ? comment.metadata : {};
  return {
    stack,
    mode,
    type,
    name,
    address: mode === "data" ? `data.${type}.${name}` : `${type}.${name}`,
    body,
    ...(count !== undefined && { count }),
    ...(forEach !== undefined && { forEach }),
    dependsOn: textsOf(dependsOn),
    ...(typeof provider === "string" && { provider }),
    lifecycle: lifecycleOf(firstRecord(lifecycle) ?? {}),
    ...(typeof metadata.path === "string" && { constructPath: metadata.path }),
    stackTrace: textsOf(metadata.stackTrace),
    accept: acceptIn(comment),
  };
}

function acceptIn(comment: Json | undefined): Record<string, string> {
  const accept = isJsonObject(comment) ? comment.accept : undefined;
  const entries = isJsonObject(accept) ? Object.entries(accept) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function lifecycleOf(lifecycle: JsonObject): Lifecycle {
  return {
    createBeforeDestroy: lifecycle.create_before_destroy === true,
    preventDestroy: lifecycle.prevent_destroy === true,
    ignoreChanges: lifecycle.ignore_changes === "all" ? "all" : textsOf(lifecycle.ignore_changes),
    replaceTriggeredBy: textsOf(lifecycle.replace_triggered_by),
  };
}

function providersOf(file: string, providers: JsonObject): Map<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const [type, bodies] of Object.entries(providers)) {
    for (const body of Array.isArray(bodies) ? bodies : [bodies]) {
      const { alias, ...config } = asObject(file, `provider.${type}`, body);
      found.set(typeof alias === "string" ? `${type}.${alias}` : type, config);
    }
  }
  return found;
}

function backendOf(terraform: JsonObject): Backend {
  const backends = isJsonObject(terraform.backend) ? Object.entries(terraform.backend) : [];
  const [type, config] = backends[0] ?? ["local", {}];
  return { type, config: isJsonObject(config) ? config : {} };
}

function objectsOf(file: string, where: string, json: JsonObject): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries(json).map(([name, body]) => [name, asObject(file, `${where}.${name}`, body)]),
  );
}

function asObject(file: string, where: string, json: Json | undefined): JsonObject {
  if (!isJsonObject(json))
    throw errors.malformedStack(file, where, `an object was expected, found ${JSON.stringify(json)?.slice(0, 60)}`);
  return json;
}

function textsOf(json: Json | undefined): string[] {
  return Array.isArray(json) ? json.filter((item) => typeof item === "string") : [];
}

/** Blocks are written as one object or as a list of them. */
function recordsOf(json: Json | undefined): JsonObject[] {
  return (Array.isArray(json) ? json : [json]).filter(isJsonObject);
}

function firstRecord(json: Json | undefined): JsonObject | undefined {
  return recordsOf(json)[0];
}
