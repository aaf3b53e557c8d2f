import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { replaceFile } from "@hft/toolkit";
import { zipSync } from "fflate";

/**
 * The earliest date that a zip can hold: with the time of its making in it, an archive would differ at each synthesis.
 */
const FIXED_TIME = new Date(1980, 0, 1);

/** Code as Lambda takes it. */
export interface CodeArchive {
  readonly path: string;
  /** SHA-256 in base64, as `source_code_hash` takes it. */
  readonly hash: string;
}

/**
 * Puts one source file into a zip that is the same for the same content. cdktf's own archives start a process each (130
 * ms) and hold the time.
 */
export function archiveFile(source: string): CodeArchive {
  const archive = zipSync({ [basename(source)]: readFileSync(source) }, { mtime: FIXED_TIME });
  const hash = createHash("sha256").update(archive);
  // Named after its content and put in place at once, so that synthesizing twice at a time does no harm.
  const path = join(tmpdir(), `hft-${hash.copy().digest("hex")}.zip`);
  replaceFile(path, archive);
  return { path, hash: hash.digest("base64") };
}
