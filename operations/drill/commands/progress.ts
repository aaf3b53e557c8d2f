import pc from "picocolors";
import { elapsedMs, type Instant } from "../run/clock";
import type { JournalEntry } from "../run/journal";
import type { RunnableStep } from "../run/step";

/** Prints a drill while it runs, one line for each step, with seconds since the fault. */
export class Progress {
  private zero: Instant | undefined;
  private readonly begun = new Map<string, Instant>();

  constructor(private readonly print: (line: string) => void) {}

  show(entry: JournalEntry, steps: readonly RunnableStep[]): void {
    if (entry.kind === "mark" && entry.mark === "fault") this.zero = entry.at;
    if (entry.kind === "step-started") this.begun.set(entry.step, entry.at);
    const line = this.line(entry, (id) => steps.find((step) => step.id === id));
    if (line) this.print(`${pc.dim(this.clock(entry.at))}  ${line}`);
  }

  private line(entry: JournalEntry, find: (id: string) => RunnableStep | undefined): string | undefined {
    switch (entry.kind) {
      case "started":
        return `${pc.bold(entry.drill.scenario)} in ${entry.drill.environment}, ${entry.drill.label}, seed ${entry.drill.seed}`;
      case "resumed":
        return `resumed by ${entry.by}`;
      case "step-done": {
        const step = find(entry.step);
        const seconds = elapsedMs(this.begun.get(entry.step) ?? entry.at, entry.at) / 1_000;
        const late = step && seconds > step.budgetSeconds;
        return `${late ? pc.yellow("✓") : pc.green("✓")} ${step?.title ?? entry.step} ${pc.dim(`${seconds.toFixed(1)} of ${step?.budgetSeconds ?? "?"} s`)}`;
      }
      case "step-failed":
        return `${pc.yellow("↻")} ${find(entry.step)?.title ?? entry.step}: attempt ${entry.attempt} failed: ${entry.reason}`;
      case "mark":
        return entry.mark === "verified" ? pc.bold(pc.green("recovered")) : undefined;
      case "stopped":
        return pc.red(`stopped at ${entry.step}. ${entry.instruction}`);
      case "note":
        return pc.dim(entry.note);
      default:
        return undefined;
    }
  }

  private clock(at: Instant): string {
    if (!this.zero) return "   T-  ".padEnd(9);
    const seconds = elapsedMs(this.zero, at) / 1_000;
    return `T+${seconds.toFixed(1)}`.padEnd(9);
  }
}
