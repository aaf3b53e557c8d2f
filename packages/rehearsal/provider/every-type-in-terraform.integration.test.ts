import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDER_NAMES, providerPackage, resourceSchema, typesWithReplacementFacts } from "@hft/provider-schemas";
import { requires } from "@hft/testing";
import { type Rehearsal, startRehearsal } from "..";
import { behaviours } from "../behaviours";
import { Dynamic, isList, isObject, type Value } from "../protocol/value";
import { sampleConfiguration } from "../sample/sample-configuration";

const suite = requires("terraform");
const TIMEOUT_MS = 120_000;

/** As it is written in a stack's JSON: what is not given is left out. */
function asJson(value: Value): unknown {
  if (value instanceof Dynamic) return asJson(value.value);
  if (isList(value)) return value.map(asJson);
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([name, inner]) => [name, asJson(inner)]));
}

suite("every type, in one stack of the real Terraform", () => {
  const root = mkdtempSync(join(tmpdir(), "every-type-"));
  const types = [...new Set([...typesWithReplacementFacts(), ...Object.keys(behaviours())])].sort();
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    const folder = join(root, "tree", "stacks", "every-type");
    mkdirSync(folder, { recursive: true });
    const stack = { name: "every-type", workingDirectory: "stacks/every-type", dependencies: [] };
    writeFileSync(
      join(root, "tree", "manifest.json"),
      JSON.stringify({ version: "0", stacks: { "every-type": stack } }),
    );
    const sources = PROVIDER_NAMES.map((name) => [name, { source: providerPackage(name).address }]);
    const content = {
      terraform: { required_providers: Object.fromEntries(sources) },
      provider: { aws: [{ region: "eu-west-1" }] },
      resource: Object.fromEntries(
        types.map((type) => {
          const schema = resourceSchema(type)!;
          const [least, most] = [sampleConfiguration(schema, "least"), sampleConfiguration(schema, "most")];
          return [type, { least: asJson(least), most: asJson(most) }];
        }),
      ),
    };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(content));
    rehearsal = await startRehearsal({ directory: join(root, "cloud") });
  });
  afterAll(async () => {
    await rehearsal.stop();
    rmSync(root, { recursive: true });
  });

  it(
    "has a schema and a plan that Terraform accepts",
    async () => {
      const { resource_changes = [] } = await rehearsal.planStack(join(root, "tree"), "every-type");
      expect(resource_changes.map(({ type, change }) => [type, change.actions])).toEqual(
        types.flatMap((type) => [
          [type, ["create"]],
          [type, ["create"]],
        ]),
      );
    },
    TIMEOUT_MS,
  );
});
