import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testThatNeeds } from "@hft/testing";

/** A file system of its own with little room, in memory. The kernel says ENOSPC and EROFS, not a stand-in. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  static mount(mebibytes: number): SmallDisk {
    const directory = mkdtempSync(join(tmpdir(), "hft-disk-"));
    run("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", directory);
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
    run("mount", "-o", "remount,ro", this.directory);
  }

  unmount(): void {
    run("umount", this.directory);
    rmSync(this.directory, { recursive: true });
  }
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`);
}

/** `it` for what needs a small disk. */
export function itWithSmallDisk(title: string, body: () => Promise<void>): void {
  const missing = process.getuid?.() === 0 ? undefined : `${title}: only root may mount a file system`;
  testThatNeeds(missing)(title, body);
}
