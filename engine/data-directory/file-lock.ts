import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";

/**
 * O_EXLOCK of macOS and the BSDs (sys/fcntl.h): open(2) takes the lock of flock(2) in the same step. Node has no
 * constant for it; libuv hands the flag on (libuv 1.x, docs/src/fs.rst, UV_FS_O_EXLOCK).
 */
const O_EXLOCK = 0x20;
const OPENS_LOCKED: ReadonlySet<NodeJS.Platform> = new Set(["darwin", "freebsd", "openbsd"]);
/** The descriptor's number in the child: after standard input, output and error. */
const INHERITED = 3;
/** `flock -n` of util-linux and of BusyBox: somebody else has the lock. */
const TAKEN = 1;

/**
 * Opens a file, made when it is missing, with the kernel's exclusive lock on it; undefined when another process has
 * that lock. The lock belongs to the open file, not to its name or to a process id: the kernel drops it when the last
 * descriptor is closed, so with the process however that ends, and it holds between containers that share a volume.
 */
export function openLocked(path: string): number | undefined {
  for (;;) {
    const descriptor = OPENS_LOCKED.has(process.platform)
      ? openWithLock(path, constants.O_RDWR | constants.O_CREAT)
      : openAndLock(path);
    if (descriptor === undefined) return undefined;
    // Somebody may have removed or replaced the file in between: then this lock keeps nobody out.
    if (isStill(path, descriptor)) return descriptor;
    closeSync(descriptor);
  }
}

/**
 * The same lock on a directory itself, which stays where it is when somebody tidies up the files in it. "unknown" where
 * the file system has no such lock: NFS takes it for a lock of bytes, which needs a file that is open for writing
 * (flock(2)).
 */
export function lockDirectory(path: string): number | "taken" | "unknown" {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY;
  try {
    if (OPENS_LOCKED.has(process.platform)) return openWithLock(path, flags) ?? "taken";
    const descriptor = openSync(path, flags);
    const locked = lock(descriptor);
    if (locked === "locked") return descriptor;
    closeSync(descriptor);
    return locked === "taken" ? "taken" : "unknown";
  } catch {
    // Whatever is wrong with the directory, the lock of its file meets it too, and says so.
    return "unknown";
  }
}

function openWithLock(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags | constants.O_NONBLOCK | O_EXLOCK, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}

function openAndLock(path: string): number | undefined {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const locked = lock(descriptor);
  if (locked === "locked") return descriptor;
  closeSync(descriptor);
  if (locked === "taken") return undefined;
  throw new Error(`${path}: cannot be locked with flock: ${locked.reason}`);
}

/**
 * Node has no flock(2). A child that inherits the descriptor shares the open file with this process, so the lock that
 * it takes stays when it has ended. Node opens files with O_CLOEXEC: no other child keeps the lock alive.
 */
function lock(descriptor: number): "locked" | "taken" | { readonly reason: string } {
  const { error, status, stderr } = spawnSync("flock", ["-n", String(INHERITED)], {
    stdio: ["ignore", "ignore", "pipe", descriptor],
    encoding: "utf8",
  });
  if (error) return { reason: `${error.message}; install util-linux or BusyBox, which provide it` };
  if (status === 0) return "locked";
  return status === TAKEN ? "taken" : { reason: stderr.trim() };
}

function isStill(path: string, descriptor: number): boolean {
  const mine = fstatSync(descriptor);
  const named = statSync(path, { throwIfNoEntry: false });
  return named?.ino === mine.ino && named.dev === mine.dev;
}
