import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs, InvalidEnvironments } from "../../environments";
import type { Value } from "../drill/scenarios/action";
import { changeFile, writeChange } from "./environment-file";

const production = environmentInputs.production!;
const change = (field: string, to: Value, file = "environments/production.ts") =>
  changeFile(file, production, { field, to });

describe("a change of an environment's file", () => {
  it.each<[string, Value, string, string]>([
    ["activeRegion", "eu-central-1", '-  activeRegion: "eu-west-1",', '+  activeRegion: "eu-central-1",'],
    ["gateway.max", 12, "-  gateway: { min: 3, max: 10 },", "+  gateway: { min: 3, max: 12 },"],
    ["frontend.max", 30, "-  frontend: { min: 6, max: 20 },", "+  frontend: { min: 6, max: 30 },"],
    ["engine.limits.queueCapacity", 200_000, "-      queueCapacity: 100_000,", "+      queueCapacity: 200_000,"],
    ["database.multiAz", true, "", ""],
  ])("of %s to %s touches its own place only", (field, to, before, after) => {
    expect(change(field, to).diff).toEqual([before, after].filter(Boolean));
  });

  it("finds a key in quotes", () => {
    const { diff } = change("database.generation.eu-central-1", 2);
    expect(diff[1]).toContain('"eu-west-1": 1, "eu-central-1": 2');
  });

  it("finds every field that holds one value", () => {
    for (const field of scalarFields(production)) {
      const before = read(field);
      const to = typeof before === "number" ? before + 1 : before;
      const outcome = () => change(field, to);
      // A rule may refuse the new value; a field that is not found would be another error.
      try {
        expect(outcome().diff.length).toBe(typeof before === "number" ? 2 : 0);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidEnvironments);
      }
    }
  });

  it("is refused where a rule of the environment is broken, and nothing is written", () => {
    expect(() => change("activeRegion", "us-east-1")).toThrow("us-east-1 is not described");
  });

  it.each<[string, Value, string]>([
    ["engine.limit", 1, "there is no such field"],
    ["regions", [], "is not a list or object"],
    ["gateway.max", "12", "is not a number"],
  ])("says why it cannot set %s", (field, to, reason) => {
    expect(() => change(field, to)).toThrow(reason);
  });

  it("is written whole", () => {
    const file = join(mkdtempSync(join(tmpdir(), "environment-")), "production.ts");
    writeFileSync(file, readFileSync("environments/production.ts"));
    writeChange(change("gateway.max", 12, file));
    expect(readFileSync(file, "utf8")).toContain("gateway: { min: 3, max: 12 }");
  });
});

function scalarFields(input: object, path = ""): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    if (Array.isArray(value)) return [];
    return typeof value === "object" && value !== null ? scalarFields(value, `${path}${name}.`) : [`${path}${name}`];
  });
}

function read(field: string): Value {
  return field
    .split(".")
    .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], production) as Value;
}
