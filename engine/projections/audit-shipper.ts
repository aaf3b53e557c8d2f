import type { SqlClient } from "../adapters/sql";
import type { AuditFile, StoredRecord } from "../audit/audit-file";
import type { Log } from "../telemetry/log";
import type { MetricCounter } from "../telemetry/registry";
import { KEEP_REFUSED, writeAround } from "./refused-record";

const BYTES_PER_WRITE = 262_144;
const IDLE_MS = 100;
const RETRY_MS = 1_000;

/** The number of each record is where it begins in its file: what is there already is left as it is. */
const INSERT = `INSERT INTO audit (partition, node, position, at, subject, account, action, outcome, request_id, address,
    command_sequence, command_at, detail)
  SELECT $1, $2, position, at, subject, account, action, outcome, "requestId", address, command,
      to_timestamp("commandAt" / 1000.0), detail
    FROM json_to_recordset($3::json) AS a(position bigint, at timestamptz, subject text, account integer, action text,
      outcome text, "requestId" text, address text, command bigint, "commandAt" bigint, detail jsonb)
  ON CONFLICT (node, position) DO NOTHING`;
const NEWEST = `SELECT greatest((SELECT max(position) FROM audit WHERE node = $1),
  (SELECT max(position) FROM refused_records WHERE source = 'audit' AND node = $1))::text AS position`;

export interface AuditShipperParts {
  readonly client: SqlClient;
  readonly partition: number;
  readonly file: AuditFile;
  /** Where the tables are made; nothing is sent before. */
  readonly ready: () => boolean;
  readonly refused: MetricCounter;
  readonly log: Log;
}

/** Brings this node's audit records into the database, each once, in order, at the database's own pace. */
export class AuditShipper {
  /** First record that the database has not got; undefined until it has said so. */
  private position: number | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: AuditShipperParts) {}

  get behind(): boolean {
    return this.position === undefined || this.position < this.parts.file.end;
  }

  start(): void {
    this.running = this.run();
  }

  /** Goes on until everything is there or the time is over. */
  async stop(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.behind && this.parts.ready() && performance.now() < deadline) await sleep(IDLE_MS / 10);
    this.stopped = true;
    await Promise.race([this.running, sleep(timeoutMs)]);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (!this.parts.ready()) await sleep(IDLE_MS);
      else await sleep(await this.step().catch(() => this.lost()));
    }
  }

  /** The database is away, which the projection beside this tells; where it goes on is asked again. */
  private lost(): number {
    this.position = undefined;
    return RETRY_MS;
  }

  /** Returns how long to wait for the next step. */
  private async step(): Promise<number> {
    const { file } = this.parts;
    this.position ??= await this.resume();
    const { end } = file;
    if (this.position >= end) return IDLE_MS;
    await file.force();
    const records = file.read(this.position, BYTES_PER_WRITE).filter(({ position }) => position < end);
    const last = records.at(-1);
    if (!last) return IDLE_MS;
    await writeAround(
      records,
      (some) => this.insert(some),
      (record, reason) => this.keepRefused(record, reason),
    );
    this.position = last.position + Buffer.byteLength(last.text) + 1;
    file.release(this.position);
    return 0;
  }

  private async resume(): Promise<number> {
    const { client, file } = this.parts;
    const [row] = await client.query(NEWEST, [file.node]);
    if (row?.position === null || row?.position === undefined) return file.begin;
    const position = Number(row.position);
    const [known] = position < file.begin ? [] : file.read(position, 1);
    return known ? position + Buffer.byteLength(known.text) + 1 : file.begin;
  }

  private async insert(records: readonly StoredRecord[]): Promise<void> {
    const { client, partition, file } = this.parts;
    const rows = records.map(({ position, text }) => `{"position":${position},${text.slice(1)}`);
    await client.query(INSERT, [partition, file.node, `[${rows.join(",")}]`]);
  }

  private async keepRefused({ position, text }: StoredRecord, reason: string): Promise<void> {
    const { client, partition, file, refused, log } = this.parts;
    const record = Buffer.from(text).toString("base64");
    await client.query(KEEP_REFUSED, [partition, "audit", file.node, position, reason, record]);
    refused.value += 1;
    log.error({ position, reason, record }, "the database rejected an audit record; it is in refused_records");
  }
}

/** Does not keep the process alive. */
const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs).unref());
