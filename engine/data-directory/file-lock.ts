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
    const descriptor = OPENS_LOCKED.has(process.platform) ? openWithLock(path) : openAndLock(path);
    if (descriptor === undefined) return undefined;
    // Somebody may have removed or replaced the file in between: then this lock keeps nobody out.
    if (isStill(path, descriptor)) return descriptor;
    closeSync(descriptor);
  }
}

function openWithLock(path: string): number | undefined {
  const { O_RDWR, O_CREAT, O_NONBLOCK } = constants;
  try {
    return openSync(path, O_RDWR | O_CREAT | O_NONBLOCK | O_EXLOCK, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}

/**
 * Node has no flock(2). A child that inherits the descriptor shares the open file with this process, so the lock that
 * it takes stays when it has ended. Node opens files with O_CLOEXEC: no other child keeps the lock alive.
 */
function openAndLock(path: string): number | undefined {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const { error, status, stderr } = spawnSync("flock", ["-n", String(INHERITED)], {
    stdio: ["ignore", "ignore", "pipe", descriptor],
    encoding: "utf8",
  });
  if (!error && status === 0) return descriptor;
  closeSync(descriptor);
  if (!error && status === TAKEN) return undefined;
  const reason = error ? `${error.message}; install util-linux or BusyBox, which have it` : stderr.trim();
  throw new Error(`${path}: cannot be locked with flock: ${reason}`);
}

function isStill(path: string, descriptor: number): boolean {
  const mine = fstatSync(descriptor);
  const named = statSync(path, { throwIfNoEntry: false });
  return named?.ino === mine.ino && named.dev === mine.dev;
}
