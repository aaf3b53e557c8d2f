import { createWriteStream, type WriteStream } from "node:fs";
import type { Log } from "./context";
import type { Identity } from "./identity";
import { isoTime } from "./iso-time";

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
    private readonly log: Pick<Log, "audit">,
    private readonly onLost: () => void,
    /** Somebody takes the records: the database. */
    private readonly taken: boolean,
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
      at: isoTime(Date.now() * 1_000),
      subject: identity?.subject ?? "anonymous",
      account: identity?.account ?? null,
      action,
      outcome,
      requestId,
      detail,
    };
    const json = JSON.stringify(record);
    this.log.audit(json, record.at);
    this.file?.write(`${json}\n`);
    if (!this.taken) return;
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
