/** A file of a storage. Positions are bytes from its start. Every method blocks until it is done, or throws. */
export interface StorageFile {
  size(): number;
  /** Reads up to the target's length; returns how many bytes there were. */
  read(target: Uint8Array, position: number): number;
  /** Writes all of it, or throws: then any part of it may have been written. */
  write(source: Uint8Array, position: number): void;
  /** What was written survives the loss of power from now on. */
  sync(): void;
  truncate(size: number): void;
  close(): void;
}

/** A directory of files. The simulator has one that forgets and breaks as disks do. */
export interface Storage {
  /** Where it is, for messages. */
  readonly location: string;
  list(): string[];
  /** A new file; it must not exist. */
  create(name: string): StorageFile;
  open(name: string): StorageFile;
  rename(from: string, to: string): void;
  remove(name: string): void;
  /** Names that were created, renamed or removed survive the loss of power from now on. */
  sync(): void;
}
