import type { Capacity } from "../matching/capacity";
import { previousSegment, readSegmentHeader, SEGMENT_HEADER_BYTES, segmentName, segmentsAmong } from "./format";
import { journalGap } from "./recovery-error";
import type { Storage } from "./storage";

/**
 * Refuses a journal that lacks a segment with commands after `since`: everything from there on is kept, so what is not
 * there was lost. Reads headers only; each names the segment before it.
 */
export function checkSegmentChain(storage: Storage, capacity: Capacity, since: number): void {
  const segments = segmentsAmong(storage.list());
  const oldest = segments[0];
  if (oldest !== undefined && oldest > since + 1) throw journalGap(storage.location, since + 1, oldest);
  for (const [index, segment] of segments.entries()) {
    const found = segments[index - 1];
    if (found === undefined || segment <= since + 1) continue;
    const previous = previousOf(storage, capacity, segment);
    if (previous !== 0 && previous !== found) throw journalGap(storage.location, previous, segment);
  }
}

/** 0 for a header that is not whole, too: then other checks have something to say. */
function previousOf(storage: Storage, capacity: Capacity, segment: number): number {
  const name = segmentName(segment);
  const file = storage.open(name);
  try {
    const header = new Uint8Array(SEGMENT_HEADER_BYTES);
    const length = file.read(header, 0);
    const first = readSegmentHeader(header.subarray(0, length), capacity, `${storage.location}/${name}`);
    return first === undefined ? 0 : previousSegment(header);
  } finally {
    file.close();
  }
}
