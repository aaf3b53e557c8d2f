import { readFileSync, writeFileSync } from "node:fs";
import { toolOutput } from "@hft/testing";

/** A file of the guest. */
export interface GuestFile {
  /** Without the leading slash, `bin/node`. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable?: boolean;
}

const REGULAR_FILE = 0o100000;
const DIRECTORY = 0o040000;
const HEADER_BYTES = 110;

/**
 * Writes an initial RAM disk in the kernel's own format (cpio "newc", Documentation/driver-api/early-userspace):
 * a header of 13 numbers of 8 hex digits, the name, the content, each padded to 4 bytes. Uncompressed, because an
 * emulated CPU copies faster than it decompresses.
 */
export function writeInitramfs(file: string, files: readonly GuestFile[]): void {
  const entries = foldersOf(files).map((path) => entry(path, DIRECTORY | 0o755, Buffer.alloc(0)));
  for (const { path, content, executable } of files) {
    entries.push(entry(path, REGULAR_FILE | (executable ? 0o755 : 0o644), content));
  }
  writeFileSync(file, Buffer.concat([...entries, entry("TRAILER!!!", 0, Buffer.alloc(0))]));
}

function entry(path: string, mode: number, content: Buffer): Buffer {
  const name = Buffer.from(`${path}\0`);
  const linkCount = 1;
  const numbers = [0, mode, 0, 0, linkCount, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}`);
  return Buffer.concat([header, name, padding(HEADER_BYTES + name.length), content, padding(content.length)]);
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

/** Every folder above the files, parents first; and those on which the guest mounts something. */
function foldersOf(files: readonly GuestFile[]): string[] {
  const folders = new Set(["proc", "sys", "dev", "tmp"]);
  for (const { path } of files) {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  return [...folders].sort();
}

/** A program of this machine with the shared libraries that it loads. */
export function program(guestPath: string, hostPath: string): GuestFile[] {
  const libraries = [...sharedLibraries(hostPath)].map((library) => ({
    path: library.slice(1),
    content: readFileSync(library),
    executable: true,
  }));
  return [{ path: guestPath, content: readFileSync(hostPath), executable: true }, ...libraries];
}

function sharedLibraries(hostPath: string): Set<string> {
  const listed = toolOutput("ldd", [hostPath]);
  return new Set([...listed.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library!));
}
