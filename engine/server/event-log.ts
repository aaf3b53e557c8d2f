import { EVENT_WORDS, EventBatch, RecordBuffer } from "../protocol";

/** A power of two: 6 MiB of events, more than a second at the throughput limit. */
const EVENTS_KEPT = 65_536;

/**
 * The newest events, copied out of the core's ring, so that slow stores can read them at their own pace. A store that
 * falls behind by more than this reads the journal.
 */
export class EventLog {
  private readonly records = RecordBuffer.allocate(EVENTS_KEPT, EVENT_WORDS);
  private readonly batch = new EventBatch(this.records);
  /** Events copied since start; the newest has sequence `newest`. */
  private written = 0;
  newest = 0;

  /** Where the events of this process begin; what came before is in the journal. */
  begin(sequence: number): void {
    if (this.written === 0) this.newest = sequence;
  }

  append(batch: EventBatch): void {
    if (batch.length === 0) return;
    const size = EVENT_WORDS * 4;
    let copied = 0;
    while (copied < batch.length) {
      const bytes = batch.bytes(copied);
      const place = (this.written & (EVENTS_KEPT - 1)) * size;
      const fitting = bytes.subarray(0, Math.min(bytes.length, this.records.bytes.length - place));
      this.records.bytes.set(fitting, place);
      const events = fitting.length / size;
      copied += events;
      this.written += events;
    }
    this.newest = batch.at(batch.length - 1).sequence;
  }

  /** Whether the event after this one is still here, or has not happened yet. */
  holds(afterSequence: number): boolean {
    return this.newest - afterSequence <= Math.min(this.written, EVENTS_KEPT);
  }

  /**
   * Events after a sequence, at most `max`, of commands up to `durableSequence` only. Valid until the caller waits.
   */
  read(afterSequence: number, max: number, durableSequence: number): EventBatch {
    const available = this.newest - afterSequence;
    const first = this.written - available;
    let length = Math.max(0, Math.min(available, max));
    this.batch.set(first, length);
    while (length > 0 && this.batch.at(length - 1).commandSequence > durableSequence) length -= 1;
    return this.batch.set(first, length);
  }
}
