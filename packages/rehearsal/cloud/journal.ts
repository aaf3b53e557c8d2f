import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { replaceFile } from "@hft/toolkit";

/**
 * Changes, one JSON document a line, appended as they happen: a process that is killed in the middle of a deployment
 * loses nothing that Terraform was told.
 */
export class Journal<Entry> {
  constructor(private readonly path: string) {}

  /** Everything written so far; a last line that was cut off while it was written is left out. */
  read(): Entry[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, "utf8").split("\n");
    // Complete lines end in a newline, so the last piece is empty or incomplete.
    return lines.slice(0, -1).map((line, index) => this.parse(line, index + 1));
  }

  private parse(line: string, number: number): Entry {
    try {
      return JSON.parse(line) as Entry;
    } catch {
      throw new Error(
        `${this.path}:${number} is no JSON: the file was changed by hand; start anew with "rehearse reset"`,
      );
    }
  }

  append(entry: Entry): void {
    appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
  }

  /** Replaces the history by what it amounts to. */
  rewrite(entries: readonly Entry[]): void {
    replaceFile(this.path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  }
}
