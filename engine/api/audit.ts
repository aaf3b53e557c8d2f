import { createWriteStream, type WriteStream } from "node:fs";
import type { Log } from "./context";
import { auditFields, type Identity } from "./identity";
import { isoTime } from "./iso-time";

const ANONYMOUS = auditFields("anonymous", undefined);
/** Records that wait for the database; beyond it the log and the file still have them. */
const WAITING_MAX = 50_000;

/**
 * Who did what, when, and what came of it, as one line of JSON: `at`, `subject`, `account` (or null), `action`,
 * `outcome`, `requestId`, `detail`. Writes each record to the log at once, to a file when one is configured, and hands
 * them to the database in batches that survive its absence.
 */
export class Audit {
  private readonly file: WriteStream | undefined;
  private waiting: string[] = [];

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

  /** `detail` is JSON in one line. */
  record(identity: Identity | undefined, action: string, outcome: string, requestId: string, detail = "{}"): void {
    const at = isoTime(Date.now() * 1_000);
    // Put together by hand, which takes three quarters of the time: nothing here can hold what needs escaping.
    const who = identity?.auditFields ?? ANONYMOUS;
    const what = `"action":"${action}","outcome":"${outcome}","requestId":"${requestId}"`;
    const json = `{"at":"${at}",${who},${what},"detail":${detail}}`;
    this.log.audit(json, at);
    this.file?.write(`${json}\n`);
    if (!this.taken) return;
    if (this.waiting.length < WAITING_MAX) this.waiting.push(json);
    else this.onLost();
  }

  /** Hands out what the database has not got yet. `giveBack` returns it after a failure. */
  take(max: number): string[] {
    return this.waiting.splice(0, max);
  }

  giveBack(records: string[]): void {
    this.waiting = [...records, ...this.waiting];
  }

  close(): Promise<void> {
    return new Promise((resolve) => (this.file ? this.file.end(() => resolve()) : resolve()));
  }
}
