import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { JsonLinesFile } from "@hft/toolkit";
import { sha256 } from "../execution/plan-outcome";
import type { JournalEntry } from "../run/journal";
import { DESCRIPTION_FILE, type DrillDescription, filesOf, JOURNAL_FILE, MANIFEST_FILE, type Manifest } from "./bundle";
import { type DrillReport, reportOf } from "./report";
import { REPORT_FILE } from "./trend";

/** What is wrong with a bundle, one finding a string; empty when it is whole. */
export function findTampering(folder: string): string[] {
  if (!existsSync(join(folder, MANIFEST_FILE))) {
    return [`${folder}: no ${MANIFEST_FILE}; give the folder of a finished drill, for example .drill/bundles/<id>`];
  }
  const manifest = parse<Manifest>(folder, MANIFEST_FILE);
  if (typeof manifest === "string") return [manifest];
  return [...changedFiles(folder, manifest), ...wrongReport(folder), ...brokenChain(folder, manifest)];
}

function changedFiles(folder: string, { files = {} }: Manifest): string[] {
  const present = new Set(filesOf(folder));
  const changed = Object.entries(files).flatMap(([file, expected]) => {
    if (!present.has(file)) return [`${file}: is in the manifest but not in the folder`];
    const actual = sha256(readFileSync(join(folder, file)));
    return actual === expected ? [] : [`${file}: SHA-256 is ${actual}, the manifest says ${expected}`];
  });
  const added = [...present].filter((file) => !(file in files)).map((file) => `${file}: is not in the manifest`);
  return [...changed, ...added];
}

/** Somebody who changes the report and its hash would also have to invent a journal that leads to it. */
function wrongReport(folder: string): string[] {
  try {
    const journal = new JsonLinesFile<JournalEntry>(join(folder, JOURNAL_FILE)).read();
    const description = JSON.parse(readFileSync(join(folder, DESCRIPTION_FILE), "utf8")) as DrillDescription;
    const derived = reportOf(journal, description.steps, description.objectives);
    const written = JSON.parse(readFileSync(join(folder, REPORT_FILE), "utf8")) as DrillReport;
    return isDeepStrictEqual(factsOf(derived), factsOf(written))
      ? []
      : [`${REPORT_FILE}: does not follow from ${JOURNAL_FILE}`];
  } catch (error) {
    return [`${REPORT_FILE}: cannot be derived again: ${(error as Error).message}`];
  }
}

/** What a report states, without the words of this version of the program: a bundle is kept for years. */
function factsOf({ checks, deviations, ...facts }: DrillReport) {
  const stated = { ...facts, passed: checks.map(({ passed }) => passed), deviations: deviations.length };
  return JSON.parse(JSON.stringify(stated)) as unknown;
}

function brokenChain(folder: string, { previous }: Manifest): string[] {
  if (!previous) return [];
  const file = join(dirname(folder), previous.drill, MANIFEST_FILE);
  // A bundle may be looked at away from its neighbours.
  if (!existsSync(file)) return [];
  const actual = sha256(readFileSync(file));
  return actual === previous.manifestSha256
    ? []
    : [
        `${previous.drill}/${MANIFEST_FILE}: was changed after this drill; its SHA-256 is ${actual}, this bundle recorded ${previous.manifestSha256}`,
      ];
}

function parse<T>(folder: string, file: string): T | string {
  try {
    return JSON.parse(readFileSync(join(folder, file), "utf8")) as T;
  } catch (error) {
    return `${file}: is not JSON: ${(error as Error).message}`;
  }
}
