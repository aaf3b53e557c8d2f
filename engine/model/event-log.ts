import { EVENT_WORDS, EventBatch, RecordBuffer } from "../protocol";

/** A power of two: 6 MiB of events, more than a second at the throughput limit. */
const EVENTS_KEPT = 65_536;

/**
 * The newest events, copied out of the core's ring, so that the views can wait until they are durable, and slow stores
 * can read them at their own pace. A store that falls behind by more than this reads the journal. Events that the views
 * have not had are never overwritten: the log grows for them, and the core takes no more commands (see
 * `EngineCore`) long before that is a danger.
 */
export class EventLog {
  private records = RecordBuffer.allocate(EVENTS_KEPT, EVENT_WORDS);
  private batch = new EventBatch(this.records);
  private kept = EVENTS_KEPT;
  /** Oldest event that the views still need. */
  private needed = 0;
  /** Events copied since start; the newest has sequence `newest`. */
  private written = 0;
  newest = 0;

  /** Where the events of this process begin; what came before is in the journal. */
  begin(sequence: number): void {
    if (this.written === 0) this.newest = sequence;
  }

  /** Events from this sequence on are still needed by the views. */
  keepFrom(sequence: number): void {
    this.needed = sequence;
  }

  append(batch: EventBatch): void {
    if (batch.length === 0) return;
    this.makeRoom(batch.at(0).sequence, batch.length);
    const size = EVENT_WORDS * 4;
    let copied = 0;
    while (copied < batch.length) {
      const bytes = batch.bytes(copied);
      const place = (this.written & (this.kept - 1)) * size;
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
    return this.newest - afterSequence <= Math.min(this.written, this.kept);
  }

  /**
   * Events after a sequence, at most `max`, of commands up to `durableSequence` only. Valid until the caller waits.
   */
  read(afterSequence: number, max: number, durableSequence: number): EventBatch {
    // At the beginning `newest` may name events that have still to come here.
    const available = this.holds(afterSequence) ? this.newest - afterSequence : 0;
    const first = this.written - available;
    const length = Math.max(0, Math.min(available, max));
    this.batch.set(first, length);
    return this.batch.set(first, this.countUpTo(durableSequence, length));
  }

  /** How many of the batch's first events belong to commands up to this one. */
  private countUpTo(commandSequence: number, length: number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.batch.at(middle - 1).commandSequence <= commandSequence) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Doubles until everything that the views need fits beside what comes. */
  private makeRoom(first: number, count: number): void {
    const held = Math.min(this.written, this.kept);
    const needed = Math.min(held, Math.max(0, first - this.needed)) + count;
    if (needed <= this.kept) return;
    const { bytes } = this.records;
    const mask = this.kept - 1;
    const size = EVENT_WORDS * 4;
    while (this.kept < needed) this.kept *= 2;
    this.records = RecordBuffer.allocate(this.kept, EVENT_WORDS);
    this.batch = new EventBatch(this.records);
    for (let place = this.written - held; place < this.written; place++) {
      const from = (place & mask) * size;
      this.records.bytes.set(bytes.subarray(from, from + size), (place & (this.kept - 1)) * size);
    }
  }
}
