import type { Storage } from "./storage";

/**
 * Puts a file in the place of another one, or makes it: written beside, synced, renamed, and the directory synced.
 * After a loss of power there is the old file or the new one, whole. (POSIX promises the name and nothing of the
 * contents: rename(2); see also fsync(2) on the directory.) `beside` is its name while it is being written.
 */
export function replaceFile(storage: Storage, name: string, bytes: Uint8Array, beside = `${name}.new`): void {
  // Left over from an attempt that failed half way.
  removeIfThere(storage, beside);
  try {
    const file = storage.create(beside);
    try {
      file.write(bytes, 0);
      file.sync();
    } finally {
      file.close();
    }
  } catch (error) {
    // On a full disk half a file would take the room that the journal needs.
    removeIfThere(storage, beside);
    throw error;
  }
  storage.rename(beside, name);
  storage.sync();
}

function removeIfThere(storage: Storage, name: string): void {
  if (storage.list().includes(name)) storage.remove(name);
}

/** The content of a file; undefined when there is none of this name. */
export function readWhole(storage: Storage, name: string): Uint8Array | undefined {
  if (!storage.list().includes(name)) return undefined;
  const file = storage.open(name);
  try {
    const bytes = new Uint8Array(file.size());
    return bytes.subarray(0, file.read(bytes, 0));
  } finally {
    file.close();
  }
}
