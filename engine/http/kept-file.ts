import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Static, Type } from "typebox";
import type { FileStorage } from "../journal/file-storage";
import { listSetAside, type SetAside, setAsideNamed } from "../journal/set-aside";
import { type ReadableFile, ReceivedFile } from "../journal/set-aside-file";
import { Problem } from "../problems/problem";

/** RFC 9530. */
export const ContentDigest = Type.Object({
  "content-digest": Type.Optional(
    Type.String({
      pattern: "^sha-256=:[A-Za-z0-9+/]{43}=:$",
      description: "Digest of the body, as sent by the engine that has the file",
    }),
  ),
});
export const digestField = (sha256: string): string => `sha-256=:${sha256}:`;

/** A file of commands that were kept aside, from this disk or from another engine's. */
export interface KeptFile {
  readonly about: SetAside;
  readonly file: ReadableFile;
  /** Base64. */
  readonly sha256: string;
  close(): void;
}

/** A file stays findable under its name when it was entered. */
export const isNamed = (file: SetAside, name: string): boolean => file.name === name || file.name === `${name}.entered`;

/** @throws Problem when no such file lies there */
export function keptNamed(storage: FileStorage, name: string): SetAside {
  const found = listSetAside(storage).find((each) => isNamed(each, name));
  if (found) return found;
  throw new Problem("NOT_FOUND", `there is no set-aside file ${name} here; GET /api/admin/set-aside lists them`);
}

export async function keptHere(storage: FileStorage, name: string): Promise<KeptFile> {
  const about = keptNamed(storage, name);
  const hash = createHash("sha256");
  await pipeline(createReadStream(join(storage.location, about.name)), hash);
  const file = storage.open(about.name);
  return { about, file, sha256: hash.digest("base64"), close: () => file.close() };
}

/** @throws Problem when the bytes are not those that their sender says */
export function keptElsewhere(name: string, body: Buffer, headers: Static<typeof ContentDigest>): KeptFile {
  const about = setAsideNamed(name);
  if (!about)
    throw new Problem("INVALID_REQUEST", `${name} is not the name of a set-aside file; use its original name`);
  const told = headers["content-digest"];
  if (told === undefined) {
    throw new Problem("INVALID_REQUEST", "content-digest is missing; GET /api/admin/set-aside/{name}/file answers it");
  }
  const sha256 = createHash("sha256").update(body).digest("base64");
  if (told !== digestField(sha256)) {
    throw new Problem(
      "FILE_DAMAGED",
      `${name}: content-digest says ${told}, the body that came has ${digestField(sha256)}`,
    );
  }
  return { about, file: new ReceivedFile(body), sha256, close: () => {} };
}
