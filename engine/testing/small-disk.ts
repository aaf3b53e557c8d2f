import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testThatNeeds, toolOutput } from "@hft/testing";

/** A file system of its own with little room, in memory. The kernel says ENOSPC and EROFS, not a stand-in. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  static mount(mebibytes: number): SmallDisk {
    const directory = mkdtempSync(join(tmpdir(), "hft-disk-"));
    toolOutput("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", directory]);
    return new SmallDisk(directory);
  }

  /** A folder on it. */
  folder(name: string): string {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Nothing can be written any more. */
  makeReadOnly(): void {
    toolOutput("mount", ["-o", "remount,ro", this.directory]);
  }

  unmount(): void {
    toolOutput("umount", [this.directory]);
    rmSync(this.directory, { recursive: true });
  }
}

/** `it` for what needs a small disk. */
export function itWithSmallDisk(title: string, body: () => Promise<void>): void {
  const missing = process.getuid?.() === 0 ? undefined : `${title}: only root may mount a file system`;
  testThatNeeds(missing)(title, body);
}
