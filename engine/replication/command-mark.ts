import { crc32 } from "node:zlib";
import { segmentsAmong } from "../journal/format";
import { JournalReader } from "../journal/journal-reader";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";
import { COMMAND_BYTES } from "../protocol/command";

/**
 * Checksum of one command of a journal. Two journals that have the same command under a sequence and an epoch have the
 * same history up to there; sequence and epoch alone do not say so, when one of them was restored from an older copy
 * and went on. Undefined when the journal does not hold the command (any more).
 */
export function commandMark(journal: Storage, capacity: Capacity, sequence: number): number | undefined {
  const oldest = segmentsAmong(journal.list())[0];
  if (oldest === undefined || sequence < oldest) return undefined;
  const reader = new JournalReader(journal, capacity, sequence);
  try {
    if (!reader.next()) return undefined;
    const from = reader.firstWord * 4 + (sequence - reader.firstSequence) * COMMAND_BYTES;
    return markOf(reader.records.bytes.subarray(from, from + COMMAND_BYTES));
  } finally {
    reader.close();
  }
}

export const markOf = (command: Uint8Array): number => crc32(command);
