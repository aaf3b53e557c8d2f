import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suiteThatNeeds, TOOL_CACHE, trackedFiles } from "@hft/testing";
import Ajv from "ajv";
import { parse } from "yaml";

const read = (file: string): unknown => parse(readFileSync(join(".github", file), "utf8"));
const forms = readdirSync(".github/ISSUE_TEMPLATE").filter((file) => file !== "config.yml");

/** Schemas of SchemaStore, as check-jsonschema 0.39.0 brings them. */
const SCHEMAS = join(TOOL_CACHE, "check-jsonschema-0.39.0/check_jsonschema/builtin_schemas/vendor");
const suite = suiteThatNeeds(
  existsSync(SCHEMAS) ? undefined : "check-jsonschema's schemas not installed; run test/workflows/install.sh",
);

/** What a schema has against a value. */
function findings(schema: string, value: unknown): string[] {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const accepts = ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, `${schema}.json`), "utf8")));
  return accepts(value) ? [] : (accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

suite("GitHub's files, by the schemas of SchemaStore", () => {
  it.each([
    ["dependabot", "dependabot.yml"],
    ["github-issue-config", "ISSUE_TEMPLATE/config.yml"],
    ...forms.map((file) => ["github-issue-forms", `ISSUE_TEMPLATE/${file}`]),
    ...readdirSync(".github/workflows").map((file) => ["github-workflows", `workflows/${file}`]),
  ])("%s: %s is well-formed", (schema, file) => {
    expect(findings(schema, read(file))).toEqual([]);
  });

  it.each([
    [
      "dependabot",
      { version: 2, updates: [{ "package-ecosystem": "npn", directory: "/", schedule: { interval: "weekly" } }] },
    ],
    ["github-issue-forms", { name: "A", description: "B", body: [{ type: "textbox" }] }],
    ["github-issue-config", { blank_issues_enabled: "no" }],
  ])("%s would be seen to be ill-formed", (schema, value) => {
    expect(findings(schema, value)).not.toEqual([]);
  });
});

interface Update {
  readonly "package-ecosystem": string;
  readonly directory?: string;
  readonly directories?: readonly string[];
  readonly groups: Readonly<
    Record<string, { readonly patterns?: readonly string[]; "exclude-patterns"?: readonly string[] }>
  >;
}

/** What an ecosystem is read from. Source: GitHub Docs, "Dependabot supported ecosystems and repositories". */
const MANIFESTS: Readonly<Record<string, string>> = {
  npm: "package-lock.json",
  "github-actions": ".github/workflows",
  "docker-compose": "compose.yaml",
  gomod: "go.mod",
};

describe("dependabot.yml", () => {
  const { updates } = read("dependabot.yml") as { updates: readonly Update[] };

  it("looks where there is something to update, and everywhere where there is", () => {
    const looked = updates.flatMap(({ "package-ecosystem": ecosystem, directory, directories = [directory!] }) =>
      directories.map((folder) => join(".", folder, MANIFESTS[ecosystem]!)),
    );
    expect(looked.filter((file) => !existsSync(file))).toEqual([]);
    const tracked = trackedFiles("*go.mod", "*compose.yaml", "package-lock.json");
    expect(tracked.filter((file) => !looked.includes(file))).toEqual([]);
  });

  it("groups packages that are there", () => {
    const manifests = ["package.json", ...workspaceManifests()].map((file) => JSON.parse(readFileSync(file, "utf8")));
    const names = manifests.flatMap(({ dependencies = {}, devDependencies = {} }) =>
      Object.keys({ ...dependencies, ...devDependencies }),
    );
    const { groups } = updates.find((update) => update["package-ecosystem"] === "npm")!;
    const patterns = Object.values(groups).flatMap((group) => [
      ...(group.patterns ?? []),
      ...(group["exclude-patterns"] ?? []),
    ]);
    const matches = (pattern: string) =>
      names.some((name) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name));
    expect(patterns.filter((pattern) => !matches(pattern))).toEqual([]);
  });
});

function workspaceManifests(): string[] {
  const { workspaces } = JSON.parse(readFileSync("package.json", "utf8")) as { workspaces: readonly string[] };
  return workspaces.flatMap((pattern) =>
    pattern.endsWith("/*")
      ? readdirSync(pattern.slice(0, -2)).map((name) => join(pattern.slice(0, -2), name, "package.json"))
      : [join(pattern, "package.json")],
  );
}

describe("CODEOWNERS", () => {
  const lines = readFileSync(".github/CODEOWNERS", "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));

  it("gives everything an owner, and names only what is there", () => {
    expect(lines[0]).toMatch(/^\* +@/);
    const paths = lines.slice(1).map((line) => line.split(/ +/)[0]!);
    expect(paths.filter((path) => !path.startsWith("/") || !existsSync(`.${path}`))).toEqual([]);
  });

  it("names teams of the organisation whose repository may deploy", () => {
    const [organisation] = /[\w-]+(?=\/hft-platform")/.exec(readFileSync("environments/production.ts", "utf8"))!;
    const owners = lines.flatMap((line) => line.split(/ +/).slice(1));
    expect(owners.filter((owner) => !owner.startsWith(`@${organisation}/`))).toEqual([]);
  });
});
