import { RecoveryError } from "../journal/recovery-error";
import { readWhole, replaceFile } from "../journal/replace-file";
import type { Storage } from "../journal/storage";
import type { CoreState } from "../matching/core-state";
import { decodeSnapshot, encodeSnapshot, type LoadedSnapshot, readFacts, type SnapshotFacts } from "./snapshot-format";

const NAME = /^snapshot-(\d{16})-(\d{16})\.bin$/;
/** One name for all of them, so that what a crash has left makes room for the next. */
const TEMPORARY = "snapshot.tmp";
/** Of another engine, while journal and snapshots make room for it. */
const ANNOUNCED = "announced.bin";

const digits = (value: number): string => String(value).padStart(16, "0");
const nameOf = (sequence: number, eventSequence: number): string =>
  `snapshot-${digits(sequence)}-${digits(eventSequence)}.bin`;

/** A snapshot by its file name: the newest command and the newest event that it includes. */
export interface SnapshotName {
  readonly name: string;
  readonly sequence: number;
  readonly eventSequence: number;
}

/** Snapshots in a directory. A file is complete or does not have a snapshot's name. */
export class SnapshotStore {
  constructor(private readonly storage: Storage) {}

  /** Oldest first. */
  list(): SnapshotName[] {
    return this.storage
      .list()
      .map((name) => ({ name, parts: NAME.exec(name) }))
      .filter(({ parts }) => parts !== null)
      .map(({ name, parts }) => ({ name, sequence: Number(parts![1]), eventSequence: Number(parts![2]) }));
  }

  write(state: CoreState, eventSequence: number, memory?: Uint8Array): SnapshotName {
    return this.store(encodeSnapshot(state, eventSequence, memory), state.sequence, eventSequence);
  }

  /**
   * Keeps the snapshot file of another engine, which is to replace everything here. It is none of the snapshots yet.
   */
  announce(bytes: Uint8Array): void {
    readFacts(bytes, "the peer's snapshot");
    replaceFile(this.storage, ANNOUNCED, bytes);
  }

  /** What the announced snapshot says of itself; undefined when there is none. */
  announced(): SnapshotFacts | undefined {
    const bytes = readWhole(this.storage, ANNOUNCED);
    return bytes && readFacts(bytes, `${this.storage.location}/${ANNOUNCED}`);
  }

  /** The announced snapshot becomes one. */
  adopt({ sequence, eventSequence }: SnapshotFacts): void {
    this.storage.rename(ANNOUNCED, nameOf(sequence, eventSequence));
    this.storage.sync();
  }

  /** What the newest intact snapshot says of itself. */
  newestFacts(): SnapshotFacts | undefined {
    for (const { name } of this.list().reverse()) {
      try {
        return readFacts(this.read(name), name);
      } catch (error) {
        if (!(error instanceof RecoveryError)) throw error;
      }
    }
    return undefined;
  }

  private store(bytes: Uint8Array, sequence: number, eventSequence: number): SnapshotName {
    const name = nameOf(sequence, eventSequence);
    replaceFile(this.storage, name, bytes, TEMPORARY);
    return { name, sequence, eventSequence };
  }

  /**
   * Fills the core's memory from the newest intact snapshot that is not newer than asked. Damaged ones are passed
   * over and reported; undefined when there is none.
   */
  load(
    state: CoreState,
    onDamaged: (error: RecoveryError) => void,
    notAfter: { readonly sequence?: number; readonly eventSequence?: number } = {},
  ): LoadedSnapshot | undefined {
    const { sequence = Number.POSITIVE_INFINITY, eventSequence = Number.POSITIVE_INFINITY } = notAfter;
    for (const snapshot of this.list().reverse()) {
      if (snapshot.sequence > sequence || snapshot.eventSequence > eventSequence) continue;
      try {
        return decodeSnapshot(this.read(snapshot.name), state, `${this.storage.location}/${snapshot.name}`);
      } catch (error) {
        if (!(error instanceof RecoveryError) || error.code === "SNAPSHOT_CAPACITY") throw error;
        onDamaged(error);
      }
    }
    return undefined;
  }

  remove(snapshot: SnapshotName): void {
    this.storage.remove(snapshot.name);
  }

  /** Makes removals last. */
  sync(): void {
    this.storage.sync();
  }

  /** Takes away for good what holds commands after a sequence. A crash must not bring it back: it never counted. */
  removeAfter(sequence: number): void {
    for (const snapshot of this.list()) if (snapshot.sequence > sequence) this.remove(snapshot);
    this.storage.sync();
  }

  private read(name: string): Uint8Array {
    const file = this.storage.open(name);
    try {
      const bytes = new Uint8Array(file.size());
      file.read(bytes, 0);
      return bytes;
    } finally {
      file.close();
    }
  }
}
