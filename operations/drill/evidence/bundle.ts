import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { replaceFile } from "@hft/toolkit";
import { sha256 } from "../execution/plan-outcome";
import { evidencePage } from "./page";
import type { DrillReport, Objectives, StepDescription } from "./report";
import { REPORT_FILE, trendOf } from "./trend";

export const MANIFEST_FILE = "manifest.json";
export const JOURNAL_FILE = "journal.jsonl";
export const DESCRIPTION_FILE = "description.json";
const PAGE_FILE = "evidence.html";

/** What a drill was going to do, written before it begins: with the journal it gives the report. */
export interface DrillDescription {
  readonly objectives: Objectives;
  readonly steps: readonly StepDescription[];
}

export interface Manifest {
  readonly schema: 1;
  readonly drill: string;
  /** SHA-256 by path inside the bundle, of every file but the manifest. */
  readonly files: Readonly<Record<string, string>>;
  /** The bundle before this one: a bundle that is taken away or made anew later breaks the chain. */
  readonly previous?: { readonly drill: string; readonly manifestSha256: string };
}

/**
 * Completes a drill's folder to a bundle: report, page, and the hashes of everything in it. Returns the manifest's
 * hash.
 */
export function writeBundle(folder: string, report: DrillReport): string {
  const bundles = dirname(folder);
  replaceFile(join(folder, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  replaceFile(join(folder, PAGE_FILE), evidencePage(report, trendOf(report, bundles)));
  const manifest: Manifest = {
    schema: 1,
    drill: report.drill.id,
    files: Object.fromEntries(filesOf(folder).map((file) => [file, sha256(readFileSync(join(folder, file)))])),
    previous: bundleBefore(bundles, report.drill.id),
  };
  const content = `${JSON.stringify(manifest, null, 2)}\n`;
  replaceFile(join(folder, MANIFEST_FILE), content);
  return sha256(content);
}

/** Every file that belongs to a bundle. Working files of the rehearsal lie elsewhere. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => file !== MANIFEST_FILE)
    .sort();
}

/** Ids begin with the time, so the order of names is the order of drills. */
function bundleBefore(bundles: string, id: string): Manifest["previous"] {
  const earlier = readdirSync(bundles)
    .filter((name) => name < id)
    .sort()
    .reverse();
  for (const drill of earlier) {
    try {
      return { drill, manifestSha256: sha256(readFileSync(join(bundles, drill, MANIFEST_FILE))) };
    } catch {
      // A drill that was never finished has no manifest.
    }
  }
  return undefined;
}
