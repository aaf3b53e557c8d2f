import { createWriteStream, type WriteStream } from "node:fs";
import type { Identity } from "./identity";

/** Who did what, when, and what came of it. */
export interface AuditRecord {
  readonly at: string;
  readonly subject: string;
  readonly account: number | null;
  readonly action: string;
  readonly outcome: string;
  readonly requestId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Records that wait for the database; beyond it the log and the file still have them. */
const WAITING_MAX = 50_000;

/**
 * Writes each record to the log at once, to a file when one is configured, and hands them to the database in batches
 * that survive its absence.
 */
export class Audit {
  private readonly file: WriteStream | undefined;
  private waiting: AuditRecord[] = [];

  constructor(
    private readonly log: { info(record: object, message: string): void },
    private readonly onLost: () => void,
    path?: string,
  ) {
    this.file = path ? createWriteStream(path, { flags: "a", mode: 0o600 }) : undefined;
    this.file?.on("error", onLost);
  }

  record(
    identity: Identity | undefined,
    action: string,
    outcome: string,
    requestId: string,
    detail: AuditRecord["detail"] = {},
  ): void {
    const record: AuditRecord = {
      at: new Date().toISOString(),
      subject: identity?.subject ?? "anonymous",
      account: identity?.account ?? null,
      action,
      outcome,
      requestId,
      detail,
    };
    this.log.info({ audit: record }, "audit");
    this.file?.write(`${JSON.stringify(record)}\n`);
    if (this.waiting.length < WAITING_MAX) this.waiting.push(record);
    else this.onLost();
  }

  /** Hands out what the database has not got yet. `giveBack` returns it after a failure. */
  take(max: number): AuditRecord[] {
    return this.waiting.splice(0, max);
  }

  giveBack(records: AuditRecord[]): void {
    this.waiting = [...records, ...this.waiting];
  }

  close(): Promise<void> {
    return new Promise((resolve) => (this.file ? this.file.end(() => resolve()) : resolve()));
  }
}
