import * as fs from "node:fs";
import { join } from "node:path";
import { notAFile } from "./recovery-error";
import type { Storage, StorageFile } from "./storage";

/** A real directory. */
export class FileStorage implements Storage {
  constructor(readonly location: string) {
    fs.mkdirSync(location, { recursive: true });
  }

  list(): string[] {
    return fs.readdirSync(this.location).sort();
  }

  create(name: string): StorageFile {
    return new DescriptorFile(fs.openSync(join(this.location, name), "wx+", 0o600));
  }

  /** @throws RecoveryError when it is a folder: a restored volume, or a mount, may put one where a file belongs */
  open(name: string): StorageFile {
    const path = join(this.location, name);
    try {
      return new DescriptorFile(fs.openSync(path, "r+"));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "EISDIR" ? notAFile(path) : error;
    }
  }

  rename(from: string, to: string): void {
    fs.renameSync(join(this.location, from), join(this.location, to));
  }

  remove(name: string): void {
    fs.unlinkSync(join(this.location, name));
  }

  sync(): void {
    const directory = fs.openSync(this.location, "r");
    try {
      fs.fsyncSync(directory);
    } finally {
      fs.closeSync(directory);
    }
  }
}

class DescriptorFile implements StorageFile {
  constructor(private readonly descriptor: number) {}

  size(): number {
    return fs.fstatSync(this.descriptor).size;
  }

  read(target: Uint8Array, position: number): number {
    let done = 0;
    while (done < target.length) {
      const read = fs.readSync(this.descriptor, target, done, target.length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  }

  write(source: Uint8Array, position: number): void {
    let done = 0;
    while (done < source.length) {
      done += fs.writeSync(this.descriptor, source, done, source.length - done, position + done);
    }
  }

  sync(): void {
    fs.fdatasyncSync(this.descriptor);
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.descriptor, size);
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}
