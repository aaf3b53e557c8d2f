import { readFileSync } from "node:fs";
import { trackedFiles } from "@hft/testing";
import { ROOMS } from "./rooms";

/** Runs in the browser, which knows of nothing else. */
const APART = /^engine\/screen\//;

/** Classes, types and enumerations that a room exports, each with the files that have one of this name. */
function exportedNames(room: string): Map<string, string[]> {
  const files = trackedFiles(`${room}/*.ts`);
  const names = new Map<string, string[]>();
  for (const file of files.filter((each) => !APART.test(each))) {
    const source = readFileSync(file, "utf8");
    for (const [, name] of source.matchAll(/^export (?:abstract )?(?:class|interface|enum|type) (\w+)/gm)) {
      // A schema and the type that follows from it have one name on purpose.
      names.set(name!, [...new Set([...(names.get(name!) ?? []), file])]);
    }
  }
  return names;
}

describe("a name", () => {
  it.each(Object.keys(ROOMS))("means one thing in %s", (room) => {
    const twice = [...exportedNames(room)].filter(([, files]) => files.length > 1);
    expect(twice).toEqual([]);
  });
});
