import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { createOnce } from "../data-directory/create-once";

const SEGMENT_BYTES_MAX = 64 * 1_048_576;
/** Without a database that takes the records: the newest ones, up to a gibibyte. */
const SEGMENTS_KEPT = 16;
const NAME = /^audit-(\d{16})\.jsonl$/;
const NODE_FILE = "node";
const LINE_FEED = 10;

/** A record, and the byte of all records at which it begins: its number within this node's. */
export interface StoredRecord {
  readonly position: number;
  readonly text: string;
}

/**
 * Audit records on this node's disk, one a line, in segments named by their first byte. A record is with the kernel
 * before its action is answered, so it outlives the process; it is forced to the disk once a second, so a loss of power
 * may cost the newest ones: who sent a command, but not the command, which the journal has.
 */
export class AuditFile {
  /** Names this node's records in a database that several nodes share. */
  node = "";
  private segments: number[] = [0];
  private file = -1;
  private length = 0;
  private syncing = false;
  private unsynced = false;

  constructor(private readonly directory: string) {}

  /**
   * Goes on behind the records that are there. Only for whoever owns the data: it cuts off what a crash left behind.
   */
  open(): void {
    const { directory } = this;
    mkdirSync(directory, { recursive: true });
    this.node = nodeName(join(directory, NODE_FILE));
    const found = readdirSync(directory)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
    this.segments = found.length > 0 ? found : [0];
    this.file = openSync(this.pathOf(this.newest), "a+", 0o600);
    this.length = this.cutTornEnd();
    syncNames(directory);
  }

  /** Where the next record begins. */
  get end(): number {
    return this.newest + this.length;
  }

  /** First record that is still here. */
  get begin(): number {
    return this.segments[0] as number;
  }

  /** Whole lines, each with its end. Throws what the file system says; nothing of them counts as written then. */
  append(lines: Uint8Array): void {
    if (this.length >= SEGMENT_BYTES_MAX) this.beginSegment();
    let written = 0;
    try {
      while (written < lines.length) written += writeSync(this.file, lines, written);
    } catch (error) {
      ftruncateSync(this.file, this.length);
      throw error;
    }
    this.length += lines.length;
    this.unsynced = true;
  }

  /** Records from a position on, at most so many bytes of them, at least one when there is one. */
  read(from: number, bytesMax: number): StoredRecord[] {
    const segment = this.segments.filter((first) => first <= from).at(-1) ?? this.begin;
    const next = this.segments.find((first) => first > segment) ?? this.end;
    const start = Math.max(from, segment);
    const length = Math.min(next - start, bytesMax);
    if (length <= 0) return next > start || next === this.end ? [] : this.read(next, bytesMax);
    const bytes = Buffer.alloc(length);
    const file = openSync(this.pathOf(segment), "r");
    const got = readSync(file, bytes, 0, length, start - segment);
    closeSync(file);
    const records = linesOf(bytes.subarray(0, got), start);
    return records.length === 0 && length < next - start ? this.read(from, bytesMax * 2) : records;
  }

  /** Lets go of segments whose records are all before this position; without one, of the oldest beyond a gibibyte. */
  release(before: number | undefined): void {
    while (this.segments.length > 1) {
      const past = before === undefined ? this.segments.length > SEGMENTS_KEPT : (this.segments[1] as number) <= before;
      if (!past) return;
      unlinkSync(this.pathOf(this.segments.shift() as number));
    }
  }

  /** Forces to the disk what is not there yet; one at a time, and nobody waits. */
  sync(onError: (error: Error) => void): void {
    if (!this.unsynced || this.syncing) return;
    // What is written from here on may come too late for this one.
    this.unsynced = false;
    this.syncing = true;
    fdatasync(this.file, (error) => {
      this.syncing = false;
      // A segment that is full was forced when it was closed.
      if (!error || error.code === "EBADF") return;
      this.unsynced = true;
      onError(error);
    });
  }

  /**
   * Resolves when everything that was written before the call is on the disk. Nothing else may go to a database: what a
   * loss of power takes back would be in it, at the places that other records are given then.
   */
  force(): Promise<void> {
    return new Promise((resolve, reject) =>
      // A segment that is full was forced when it was closed.
      fdatasync(this.file, (error) => (error && error.code !== "EBADF" ? reject(error) : resolve())),
    );
  }

  close(): void {
    const { file } = this;
    if (file === -1) return;
    this.file = -1;
    try {
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  private get newest(): number {
    return this.segments.at(-1) as number;
  }

  private beginSegment(): void {
    this.close();
    this.segments.push(this.end);
    this.file = openSync(this.pathOf(this.newest), "a+", 0o600);
    this.length = 0;
    syncNames(this.directory);
  }

  /** The process may have ended within a write. */
  private cutTornEnd(): number {
    const { size } = statSync(this.pathOf(this.newest));
    const bytes = Buffer.alloc(Math.min(size, SEGMENT_BYTES_MAX * 2));
    readSync(this.file, bytes, 0, bytes.length, 0);
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    if (whole < size) ftruncateSync(this.file, whole);
    return whole;
  }

  private pathOf(segment: number): string {
    return join(this.directory, `audit-${String(segment).padStart(16, "0")}.jsonl`);
  }
}

function nodeName(path: string): string {
  // Without a name from before, all records go to the database once more.
  if (existsSync(path) && readFileSync(path, "utf8").trim() === "") unlinkSync(path);
  if (!existsSync(path)) createOnce(path, randomUUID());
  return readFileSync(path, "utf8").trim();
}

/** A file whose name is not on the disk is gone after a loss of power, however often it was forced itself. */
function syncNames(directory: string): void {
  const names = openSync(directory, "r");
  try {
    fsyncSync(names);
  } finally {
    closeSync(names);
  }
}

function linesOf(bytes: Buffer, start: number): StoredRecord[] {
  const records: StoredRecord[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
    records.push({ position: start + from, text: bytes.toString("utf8", from, end) });
    from = end + 1;
  }
  return records;
}
