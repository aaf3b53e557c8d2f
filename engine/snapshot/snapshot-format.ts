import { crc32 } from "node:zlib";
import type { Section } from "../book/state-memory";
import { snapshotCapacity, snapshotCorrupt, snapshotVersion } from "../journal/recovery-error";
import { capacityFingerprint } from "../matching/capacity";
import type { CoreState } from "../matching/core-state";

/**
 * A snapshot is a copy of the core's memory without the parts that are all zero.
 *
 *   │ "HFTS" │ version │ crc of bytes 12-end │ manifest length │ manifest (JSON) │ runs of 4 KiB chunks … │
 *
 * After the core's sections there may be one more: what the follower remembers of clients' orders, whole (`memory`).
 * The manifest says which chunks of which section the runs are, so a snapshot of a quiet engine is small.
 */
const SNAPSHOT_VERSION = 1;
const MAGIC = 0x5354_4648;
const HEADER_BYTES = 16;
const CHUNK_BYTES = 4_096;
const MEMORY_SECTION = "memory";

export interface SnapshotFacts {
  readonly sequence: number;
  readonly eventSequence: number;
  readonly epoch: number;
}

/** What was loaded, and what the snapshot holds beside the core's memory. */
export interface LoadedSnapshot extends SnapshotFacts {
  readonly memory?: Uint8Array;
}

interface Manifest extends SnapshotFacts {
  readonly capacity: string;
  /** By section: name, length in bytes, and runs of (first byte, length). */
  readonly sections: readonly (readonly [name: string, length: number, runs: readonly number[]])[];
}

export function encodeSnapshot(state: CoreState, eventSequence: number, memory?: Uint8Array): Uint8Array {
  const sections = [...state.memory.sections, ...(memory ? [{ name: MEMORY_SECTION, bytes: memory }] : [])];
  const manifest: Manifest = {
    sequence: state.sequence,
    eventSequence,
    epoch: state.epoch,
    capacity: capacityFingerprint(state.capacity),
    sections: sections.map(({ name, bytes }) => [
      name,
      bytes.length,
      name === MEMORY_SECTION ? [0, bytes.length] : runsOf(bytes),
    ]),
  };
  const text = Buffer.from(JSON.stringify(manifest));
  const total = manifest.sections.reduce((sum, [, , runs]) => sum + lengthOf(runs), HEADER_BYTES + text.length);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, SNAPSHOT_VERSION, true);
  view.setUint32(12, text.length, true);
  file.set(text, HEADER_BYTES);
  let to = HEADER_BYTES + text.length;
  for (const [index, [, , runs]] of manifest.sections.entries()) {
    for (let run = 0; run < runs.length; run += 2) {
      file.set(sections[index]!.bytes.subarray(runs[run], runs[run]! + runs[run + 1]!), to);
      to += runs[run + 1]!;
    }
  }
  view.setUint32(8, crc32(file.subarray(12)), true);
  return file;
}

/** Fills a core's memory. Everything is checked before the first byte is changed. */
export function decodeSnapshot(file: Uint8Array, state: CoreState, where: string): LoadedSnapshot {
  const manifest = readManifest(file, where);
  const own = capacityFingerprint(state.capacity);
  if (manifest.capacity !== own) throw snapshotCapacity(where, manifest.capacity, own);
  const { sections } = state.memory;
  const saved = manifest.sections.filter(([name]) => name !== MEMORY_SECTION);
  const same = saved.every(([name, length], index) => fits(sections[index], name, length));
  if (!same || saved.length !== sections.length) {
    throw snapshotCorrupt(where, "its sections are not those of this engine; it was taken by another version");
  }
  let from = HEADER_BYTES + new DataView(file.buffer, file.byteOffset).getUint32(12, true);
  for (const [index, [, , runs]] of saved.entries()) {
    const { bytes } = sections[index]!;
    bytes.fill(0);
    for (let run = 0; run < runs.length; run += 2) {
      bytes.set(file.subarray(from, from + runs[run + 1]!), runs[run]);
      from += runs[run + 1]!;
    }
  }
  state.index.rebuild();
  const { sequence, eventSequence, epoch } = manifest;
  const facts = { sequence, eventSequence, epoch };
  return saved.length === manifest.sections.length ? facts : { ...facts, memory: file.subarray(from) };
}

/** What a snapshot says of itself, when it is intact. */
export const readFacts = (file: Uint8Array, where: string): SnapshotFacts => readManifest(file, where);

function readManifest(file: Uint8Array, where: string): Manifest {
  if (file.length < HEADER_BYTES) throw snapshotCorrupt(where, `${file.length} bytes are too few for a header`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw snapshotCorrupt(where, "it does not begin as a snapshot does");
  const version = view.getUint32(4, true);
  if (version !== SNAPSHOT_VERSION) throw snapshotVersion(where, version, SNAPSHOT_VERSION);
  if (view.getUint32(8, true) !== crc32(file.subarray(12))) throw snapshotCorrupt(where, "its checksum is wrong");
  const length = view.getUint32(12, true);
  return JSON.parse(Buffer.from(file.subarray(HEADER_BYTES, HEADER_BYTES + length)).toString()) as Manifest;
}

const fits = (section: Section | undefined, name: string, length: number): boolean =>
  section?.name === name && section.bytes.length === length;

const lengthOf = (runs: readonly number[]): number =>
  runs.reduce((sum, value, index) => (index % 2 === 1 ? sum + value : sum), 0);

/** Runs of chunks that are not all zero, as first byte and length in turn. */
function runsOf(bytes: Uint8Array): number[] {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const runs: number[] = [];
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, bytes.length - from);
    if (isZero(words, from / 4, (from + length) / 4)) continue;
    const last = runs.length - 2;
    if (last >= 0 && runs[last]! + runs[last + 1]! === from) runs[last + 1]! += length;
    else runs.push(from, length);
  }
  return runs;
}

function isZero(words: Int32Array, from: number, to: number): boolean {
  for (let word = from; word < to; word += 1) if (words[word] !== 0) return false;
  return true;
}
