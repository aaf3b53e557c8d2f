import { EventView } from "./event-view";
import type { RecordBuffer } from "./record-buffer";

/** Consecutive events in a ring. Holds until the callback that got it returns. */
export class EventBatch {
  private readonly view: EventView;
  private readonly mask: number;
  private first = 0;
  length = 0;

  constructor(private readonly records: RecordBuffer) {
    this.view = new EventView(records);
    this.mask = records.capacity - 1;
    if ((records.capacity & this.mask) !== 0) throw new Error(`ring of ${records.capacity}: give a power of two`);
  }

  /** Lets the batch stand for other events: a count that may have wrapped, and how many. */
  set(first: number, length: number): this {
    this.first = first;
    this.length = length;
    return this;
  }

  /** The event at a place; the same view object each time. */
  at(index: number): EventView {
    return this.view.move((this.first + index) & this.mask);
  }

  /** The bytes of the events after the first `skip` ones up to the ring's end, for consumers that copy. */
  bytes(skip = 0): Uint8Array {
    const start = (this.first + skip) & this.mask;
    const count = Math.min(this.length - skip, this.records.capacity - start);
    const size = this.records.recordWords * 4;
    return this.records.bytes.subarray(start * size, (start + count) * size);
  }
}
