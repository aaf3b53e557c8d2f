import { JsonLinesFile } from "@hft/toolkit";
import type { Clock, Instant } from "./clock";

/** What happened in a drill, in the order in which it happened. The journal is all that a resumed drill knows. */
export type DrillEvent =
  | { readonly kind: "started"; readonly drill: DrillHeader }
  | { readonly kind: "resumed"; readonly by: string }
  | { readonly kind: "step-started"; readonly step: string; readonly attempt: number }
  | {
      readonly kind: "step-failed";
      readonly step: string;
      readonly attempt: number;
      readonly reason: string;
      /** What was measured and is not as it has to be. */
      readonly found?: StepResult;
    }
  | { readonly kind: "step-done"; readonly step: string; readonly attempt: number; readonly result: StepResult }
  | { readonly kind: "mark"; readonly mark: Mark }
  | { readonly kind: "note"; readonly note: string }
  | { readonly kind: "stopped"; readonly step: string; readonly instruction: string }
  | { readonly kind: "finished" };

/** Moments that recovery is measured by. */
export type Mark = "fault" | "detected" | "decided" | "fenced" | "promoted" | "started" | "moved" | "verified";

export interface DrillHeader {
  readonly id: string;
  readonly scenario: string;
  readonly environment: string;
  readonly label: "simulated" | "live";
  readonly seed: number;
  readonly gitSha: string;
  readonly approver: string;
}

/** What a step leaves behind for the evidence: figures and outcomes by name. */
export type StepResult = Readonly<Record<string, unknown>>;
export type JournalEntry = DrillEvent & { readonly at: Instant };

/**
 * The drill's memory: a file of one JSON object a line, each on disk before the drill goes on. A drill that was killed
 * in the middle of a line loses that line only.
 */
export class Journal {
  private readonly entries: JournalEntry[];

  private constructor(
    private readonly file: JsonLinesFile<JournalEntry>,
    private readonly clock: Clock,
    private readonly onEntry: (entry: JournalEntry) => void,
  ) {
    this.entries = file.read();
  }

  static open(file: string, clock: Clock, onEntry: (entry: JournalEntry) => void = () => {}): Journal {
    return new Journal(new JsonLinesFile(file, { synced: true }), clock, onEntry);
  }

  append(event: DrillEvent): JournalEntry {
    const entry: JournalEntry = { at: this.clock.now(), ...event };
    this.file.append(entry);
    this.entries.push(entry);
    this.onEntry(entry);
    return entry;
  }

  all(): readonly JournalEntry[] {
    return this.entries;
  }

  header(): DrillHeader | undefined {
    const first = this.entries.find((entry) => entry.kind === "started");
    return first?.kind === "started" ? first.drill : undefined;
  }

  resultOf(step: string): StepResult | undefined {
    const done = this.entries.findLast((entry) => entry.kind === "step-done" && entry.step === step);
    return done?.kind === "step-done" ? done.result : undefined;
  }

  /** When a mark was first reached. */
  markedAt(mark: Mark): Instant | undefined {
    return this.entries.find((entry) => entry.kind === "mark" && entry.mark === mark)?.at;
  }

  /** Marks a moment once: a resumed drill does not move it. */
  mark(mark: Mark): void {
    if (!this.markedAt(mark)) this.append({ kind: "mark", mark });
  }
}
