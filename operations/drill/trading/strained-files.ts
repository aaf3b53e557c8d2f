import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { type DiskStrain, STRAIN_FILE_VARIABLE } from "./disk-strain";

/**
 * Loaded into an engine process before everything else, in each of its threads: a disk that syncs slowly or is full, at
 * the calls that the engine makes of the file system. The kernel's own disk is left as it is, so nothing else on this
 * machine suffers, and no rights are needed. What a call leaves behind is what a real one leaves: a sync that is late
 * is a sync, and a write that fails with ENOSPC has written nothing.
 */
const file = process.env[STRAIN_FILE_VARIABLE];
const LOOK_MS = 20;
const NONE: DiskStrain = { syncDelayMs: 0, full: false };
const sleeper = new Int32Array(new SharedArrayBuffer(4));
let strain = NONE;
let lookedMs = 0;

function strainNow(): DiskStrain {
  const nowMs = performance.now();
  if (nowMs - lookedMs < LOOK_MS) return strain;
  lookedMs = nowMs;
  try {
    strain = JSON.parse(fs.readFileSync(file!, "utf8")) as DiskStrain;
  } catch {
    strain = NONE;
  }
  return strain;
}

function delayed(sync: (descriptor: number) => void) {
  return (descriptor: number): void => {
    const { syncDelayMs } = strainNow();
    if (syncDelayMs > 0) Atomics.wait(sleeper, 0, 0, syncDelayMs);
    sync(descriptor);
  };
}

function full(): NodeJS.ErrnoException {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
}

if (file) {
  const { writeSync } = fs;
  fs.fdatasyncSync = delayed(fs.fdatasyncSync);
  fs.fsyncSync = delayed(fs.fsyncSync);
  fs.writeSync = ((...parameters: Parameters<typeof writeSync>) => {
    if (strainNow().full) throw full();
    return writeSync(...parameters);
  }) as typeof writeSync;
  syncBuiltinESMExports();
}
