import type { Storage, StorageFile } from "../journal/storage";
import type { SeededRandom } from "../oracle/seeded-random";

interface Write {
  readonly position: number;
  readonly bytes: Uint8Array;
}

interface SimulatedFile {
  /** What survives a crash for certain. */
  durable: Uint8Array;
  /** Not yet synced: each may survive wholly, in part or not at all. */
  writes: Write[];
  /** What readers see. */
  seen: Uint8Array;
}

/** A directory that forgets and breaks as disks do: unsynced writes are torn by a crash, space runs out, bits flip. */
export class SimulatedDisk implements Storage {
  private names = new Map<string, SimulatedFile>();
  private durableNames = new Map<string, SimulatedFile>();
  /** Writes that will still fit; then ENOSPC. */
  private room = Number.POSITIVE_INFINITY;

  constructor(
    readonly location: string,
    private readonly random: SeededRandom,
  ) {}

  list(): string[] {
    return [...this.names.keys()].sort();
  }

  create(name: string): StorageFile {
    if (this.names.has(name)) throw new Error(`${name} exists`);
    this.names.set(name, { durable: new Uint8Array(0), writes: [], seen: new Uint8Array(0) });
    return this.open(name);
  }

  open(name: string): StorageFile {
    const file = this.names.get(name);
    if (!file) throw new Error(`${name} does not exist`);
    return new OpenFile(file, () => this.takeRoom());
  }

  rename(from: string, to: string): void {
    this.names.set(to, this.names.get(from)!);
    this.names.delete(from);
  }

  remove(name: string): void {
    this.names.delete(name);
  }

  sync(): void {
    this.durableNames = new Map(this.names);
  }

  /** The power goes: what was not synced is torn, names that were not synced are as before. */
  crash(): void {
    const names = this.random.chance(0.5) ? this.durableNames : this.mixedNames();
    for (const file of names.values()) tear(file, this.random);
    this.names = names;
    this.durableNames = new Map(names);
    this.room = Number.POSITIVE_INFINITY;
  }

  fillAfter(writes: number): void {
    this.room = writes;
  }

  empty(): void {
    this.room = Number.POSITIVE_INFINITY;
  }

  /** Flips one bit of a file that lies there. */
  flip(name: string): void {
    const file = this.names.get(name)!;
    if (file.seen.length === 0) return;
    const at = this.random.below(file.seen.length);
    const bit = 1 << this.random.below(8);
    file.seen[at]! ^= bit;
    file.durable = file.seen.slice();
    file.writes = [];
  }

  /** Some of the changed names have reached the disk although nobody asked. */
  private mixedNames(): Map<string, SimulatedFile> {
    const mixed = new Map(this.durableNames);
    for (const [name, file] of this.names) if (this.random.chance(0.5)) mixed.set(name, file);
    return mixed;
  }

  private takeRoom(): void {
    this.room -= 1;
    if (this.room >= 0) return;
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  }
}

class OpenFile implements StorageFile {
  constructor(
    private readonly file: SimulatedFile,
    private readonly takeRoom: () => void,
  ) {}

  size(): number {
    return this.file.seen.length;
  }

  read(target: Uint8Array, position: number): number {
    const found = this.file.seen.subarray(position, position + target.length);
    target.set(found);
    return found.length;
  }

  write(source: Uint8Array, position: number): void {
    try {
      this.takeRoom();
    } catch (error) {
      // A full disk may have taken a part of it.
      this.put({ position, bytes: source.slice(0, source.length >> 1) });
      throw error;
    }
    this.put({ position, bytes: source.slice() });
  }

  sync(): void {
    this.file.durable = this.file.seen.slice();
    this.file.writes = [];
  }

  truncate(size: number): void {
    this.file.seen = this.file.seen.slice(0, size);
    this.file.durable = this.file.durable.slice(0, size);
    this.file.writes = this.file.writes.filter((write) => write.position < size);
  }

  close(): void {}

  private put(write: Write): void {
    this.file.seen = written(this.file.seen, write);
    this.file.writes.push(write);
  }
}

function written(bytes: Uint8Array, { position, bytes: added }: Write): Uint8Array {
  const grown = new Uint8Array(Math.max(bytes.length, position + added.length));
  grown.set(bytes);
  grown.set(added, position);
  return grown;
}

function tear(file: SimulatedFile, random: SeededRandom): void {
  let bytes = file.durable;
  for (const write of file.writes) {
    if (random.chance(0.3)) continue;
    const length = random.chance(0.5) ? write.bytes.length : random.below(write.bytes.length + 1);
    bytes = written(bytes, { position: write.position, bytes: write.bytes.slice(0, length) });
  }
  file.seen = bytes.slice();
  file.durable = bytes.slice();
  file.writes = [];
}
