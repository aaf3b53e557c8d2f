import { programOutputSync } from "@hft/toolkit";

/**
 * Releases of the engine that an environment's file named, out of Git, the newest first and the present one left out.
 * @returns undefined where there is no history to read
 */
export function releasesBefore(file: string, present: string): readonly string[] | undefined {
  const log = historyOf(file);
  if (log === undefined) return undefined;
  const named = [...log.matchAll(/^-.*engine: "(engine@sha256:[0-9a-f]{64})"/gm)].map(([, image]) => image!);
  return [...new Set(named)].filter((image) => image !== present);
}

function historyOf(file: string): string | undefined {
  try {
    return programOutputSync("git", ["log", "--format=", "--patch", "--unified=0", "--", file]);
  } catch {
    return undefined;
  }
}
