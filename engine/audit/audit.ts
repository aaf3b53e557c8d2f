import { createWriteStream, type WriteStream } from "node:fs";
import { auditFields, type Identity } from "../access/identity";
import type { CommandName } from "../model/command-name";
import { isoTime } from "../presentation/iso-time";
import type { Log } from "../telemetry/log";
import type { AuditFile } from "./audit-file";
import { storableJson } from "./storable-json";
import { WaitingLines } from "./waiting-lines";

const ANONYMOUS = auditFields("anonymous", undefined);
/**
 * Records that wait for a file that cannot be written; beyond it only the log, and for commands the journal, has them.
 */
const WAITING_MAX = 50_000;
const NO_COMMAND = '"command":null,"commandAt":null';
const PLAIN_ADDRESS = /^[0-9a-fA-F.:]*$/;
const SETTLED = Promise.resolve();
/**
 * Records of one write, at most. Answers wait for the write of their record: with all records of a busy turn in one,
 * the first client would wait for the work of the last one, and clients have nothing to do meanwhile.
 */
const RECORDS_AT_ONCE = 16;
const SYNC_EVERY_MS = 1_000;
const NOT_FORCED = "audit records could not be synced to disk";

/** What else a record says of an action. */
export interface AuditContext {
  /** Address of the client. */
  readonly address?: string;
  /** The command that it became: what joins the record with the journal. */
  readonly command?: CommandName | undefined;
  /** JSON in one line. */
  readonly detail?: string;
}

/**
 * Who did what, when, and what came of it, as one line of JSON: `at`, `subject`, `account` (or null), `action`,
 * `outcome`, `requestId`, `address`, `command` (its sequence, or null), `commandAt` (its time in ms, or null),
 * `detail`. Each record goes to the log, to this node's audit file, from where the database gets it, and to one more
 * file when one is configured.
 */
export class Audit {
  private readonly stream: WriteStream | undefined;
  private readonly lines = new WaitingLines();
  private answers: (() => void)[] = [];
  private flushing = false;
  private broken = false;
  private closed = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly log: Pick<Log, "audit" | "error" | "info">,
    private readonly onLost: () => void,
    private readonly file: Pick<AuditFile, "append" | "sync" | "close">,
    path?: string,
  ) {
    this.stream = path ? createWriteStream(path, { flags: "a", mode: 0o600 }) : undefined;
    this.stream?.on("error", onLost);
    this.timer = setInterval(() => this.runHousekeeping(), SYNC_EVERY_MS).unref();
  }

  /**
   * Writes a record. `onWritten` is called once it is with the kernel: records of one turn of the event loop share a
   * write, up to `RECORDS_AT_ONCE`, so that nobody's answer costs one of its own.
   */
  record(
    identity: Identity | undefined,
    action: string,
    outcome: string,
    requestId: string,
    context: AuditContext = {},
    onWritten?: () => void,
  ): void {
    const at = isoTime(Date.now() * 1_000);
    const { address = "", command, detail = "{}" } = context;
    // Put together by hand, which takes three quarters of the time: nothing here can hold what needs escaping.
    const who = identity?.auditFields ?? ANONYMOUS;
    const what = `"action":"${action}","outcome":"${outcome}","requestId":"${requestId}"`;
    // Behind proxies it is what a header says.
    const where = PLAIN_ADDRESS.test(address) ? `"${address}"` : storableJson(address);
    const became = command?.commandSequence
      ? `"command":${command.commandSequence},"commandAt":${Math.floor(command.commandTimeMicroseconds / 1_000)}`
      : NO_COMMAND;
    const json = `{"at":"${at}",${who},${what},"address":${where},${became},"detail":${detail}}`;
    this.log.audit(this.keep(json), at);
    if (onWritten) this.answers.push(onWritten);
    if (this.lines.count >= RECORDS_AT_ONCE && !this.broken) this.flush();
    else if (!this.flushing) {
      this.flushing = true;
      SETTLED.then(this.flush);
    }
  }

  /** Puts a record to those that wait for the file, while there is room. Returns its bytes. */
  private keep(json: string): Uint8Array {
    if (this.lines.count < WAITING_MAX) return this.lines.add(json);
    this.onLost();
    return Buffer.from(json);
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    this.closed = true;
    this.flush();
    try {
      this.file.close();
    } catch (error) {
      this.log.error({ error: (error as Error).message }, NOT_FORCED);
    }
    return new Promise((resolve) => (this.stream ? this.stream.end(() => resolve()) : resolve()));
  }

  /** Nobody tries again after the end. */
  private tellLost(): void {
    const records = this.lines.count;
    if (records === 0) return;
    for (let told = 0; told < records; told += 1) this.onLost();
    this.log.error({ records }, "audit records that could not be written are lost; only the log has them");
    this.lines.clear();
  }

  private readonly flush = (): void => {
    this.flushing = false;
    const { answers } = this;
    if (this.lines.count > 0) this.write();
    if (this.closed) this.tellLost();
    this.answers = [];
    for (const answer of answers) answer();
  };

  /** A file that cannot be written keeps nobody from trading: the records wait, and it is tried again. */
  private write(): void {
    const { bytes } = this.lines;
    try {
      this.file.append(bytes);
      // It takes them later, when others are in their place.
      this.stream?.write(Buffer.from(bytes));
      this.lines.clear();
      if (this.broken) this.log.info({}, "audit records can be written again");
      this.broken = false;
    } catch (error) {
      if (!this.broken)
        this.log.error({ error: (error as Error).message }, "audit records cannot be written; they are buffered");
      this.broken = true;
    }
  }

  private runHousekeeping(): void {
    if (this.lines.count > 0) this.write();
    this.file.sync((error) => this.log.error({ error: error.message }, NOT_FORCED));
  }
}
