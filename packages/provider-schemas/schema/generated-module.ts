import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * What a generated `@cdktf/provider-*` module says about one type. The compiled file has lost the comments that carry
 * the flags, but its inline source map holds the TypeScript it came from.
 */
export interface GeneratedModule {
  /** Classes by name: the resource itself and one `…OutputReference` a nested structure. */
  readonly classes: ReadonlyMap<string, GeneratedClass>;
  /** How each structure is written to HCL, by structure name (`VpcTimeouts`). */
  readonly structures: ReadonlyMap<string, ReadonlyMap<string, HclEntry>>;
  /** The class of the resource, data source or provider. */
  readonly main: GeneratedClass;
  readonly mainEntries: ReadonlyMap<string, HclEntry>;
}

interface GeneratedClass {
  readonly members: ReadonlyMap<string, Member>;
}

/** `// name - computed: true, optional: false, required: false` and the accessor that follows. */
export interface Member {
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** The class that the accessor hands out, for structures and maps. */
  readonly accessor?: { readonly className: string; readonly ofLibrary: boolean; readonly set: boolean };
  /** The expression that a plain accessor returns. */
  readonly getter?: string;
}

/** One line of a structure's HCL form. */
export interface HclEntry {
  readonly value: string;
  readonly isBlock: boolean;
  readonly collection: "simple" | "list" | "set" | "map" | "struct";
}

/** Reads a module and, where the generator split it, the structures beside it. */
export function readGeneratedModule(path: string): GeneratedModule {
  const splitFolder = join(dirname(path), "index-structs");
  const split = existsSync(splitFolder)
    ? readdirSync(splitFolder)
        .filter((file) => /^structs\d+\.js$/.test(file))
        .map((file) => originalSource(join(splitFolder, file)))
    : [];
  return parseGeneratedModule([...split, originalSource(path)].join("\n"), path);
}

const SOURCE_MAP_MARK = "sourceMappingURL=data:application/json;base64,";

function originalSource(path: string): string {
  const compiled = readFileSync(path, "latin1");
  const start = compiled.lastIndexOf(SOURCE_MAP_MARK);
  if (start < 0) {
    throw new Error(`${path}: no inline source map; the schema cannot be derived from this provider package`);
  }
  const map = Buffer.from(compiled.slice(start + SOURCE_MAP_MARK.length).trim(), "base64").toString("utf8");
  return (JSON.parse(map) as { sourcesContent: string[] }).sourcesContent[0] ?? "";
}

function parseGeneratedModule(source: string, path: string): GeneratedModule {
  const structures = new Map<string, ReadonlyMap<string, HclEntry>>();
  for (const match of source.matchAll(/^export function (\w+)ToHclTerraform\(/gm)) {
    structures.set(capitalized(match[1]!), hclEntries(bodyFrom(source, match.index)));
  }
  const classes = new Map<string, GeneratedClass>();
  let main: GeneratedClass | undefined;
  let mainEntries: ReadonlyMap<string, HclEntry> = new Map();
  for (const match of source.matchAll(/^export class (\w+) extends cdktf\.(\w+)/gm)) {
    const [, name, base] = match;
    if (base === "ComplexList" || base === "ComplexMap") {
      continue;
    }
    const body = bodyFrom(source, match.index);
    const generated = { members: members(body) };
    classes.set(name!, generated);
    if (base!.startsWith("Terraform")) {
      main = generated;
      const synthesis = body.indexOf("synthesizeHclAttributes");
      mainEntries = synthesis < 0 ? new Map() : hclEntries(body.slice(synthesis));
    }
  }
  if (!main) {
    throw new Error(`${path}: no Terraform class found; the generator's output has changed`);
  }
  return { classes, structures, main, mainEntries };
}

/** From a top-level declaration to its closing brace in the first column. */
function bodyFrom(source: string, start: number): string {
  const end = source.indexOf("\n}\n", start);
  return source.slice(start, end < 0 ? undefined : end);
}

function hclEntries(body: string): Map<string, HclEntry> {
  const entries = new Map<string, HclEntry>();
  const pattern = /^\s+"?([\w-]+)"?: \{\s*\n\s*value: (.*),\n\s*isBlock: (true|false),\n\s*type: "(\w+)",/gm;
  for (const [, name, value, isBlock, collection] of body.matchAll(pattern)) {
    entries.set(name!, {
      value: value!.replace(/^.*? === undefined \? null : /, "").trim(),
      isBlock: isBlock === "true",
      collection: collection as HclEntry["collection"],
    });
  }
  return entries;
}

const FLAGS = /^\s*\/\/ (\S+) - computed: (true|false), optional: (true|false), required: (true|false)/;
const ACCESSOR = /= new (cdktf\.)?(\w+)\(this, "[^"]+"(?:, (true|false))?\)/;
const GETTER = /^\s*return (.*);/;

function members(body: string): Map<string, Member> {
  const found = new Map<string, Member>();
  let name: string | undefined;
  for (const line of body.split("\n")) {
    const flags = FLAGS.exec(line);
    if (flags) {
      name = flags[1]!;
      found.set(name, {
        computed: flags[2] === "true",
        optional: flags[3] === "true",
        required: flags[4] === "true",
      });
      continue;
    }
    const member = name === undefined ? undefined : found.get(name);
    if (name === undefined || !member) {
      continue;
    }
    const accessor = ACCESSOR.exec(line);
    const getter = GETTER.exec(line);
    if (accessor && !member.accessor) {
      const [, library, className, set] = accessor;
      found.set(name, { ...member, accessor: { className: className!, ofLibrary: !!library, set: set === "true" } });
    } else if (getter && member.getter === undefined) {
      found.set(name, { ...member, getter: getter[1]! });
    }
  }
  return found;
}

function capitalized(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
