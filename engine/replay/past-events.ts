import type { RecoveryError } from "../journal/recovery-error";
import type { Storage } from "../journal/storage";
import type { Capacity } from "../matching/capacity";
import { Core } from "../matching/core";
import { CommandDouble } from "../protocol/command";
import { EVENT_WORDS } from "../protocol/event";
import { EventBatch } from "../protocol/event-batch";
import { RecordBuffer } from "../protocol/record-buffer";
import type { SnapshotStore } from "../snapshot/snapshot-store";
import { restore } from "./recover";

const RING_EVENTS = 65_536;
/** Events that are handed out together; a command may cause more, up to the ring. */
const BATCH_EVENTS = 4_096;

export interface PastEventsSource {
  readonly capacity: Capacity;
  readonly journal: Storage;
  readonly snapshots: SnapshotStore;
  readonly onDamaged: (error: RecoveryError) => void;
}

/**
 * Derives past events again from a snapshot and the journal, from an event sequence up to a command. Between batches
 * the event loop gets its turn. Returns the sequence of the event that would come next.
 */
export async function readPastEvents(
  source: PastEventsSource,
  fromEvent: number,
  upToCommand: number,
  onBatch: (batch: EventBatch) => void | Promise<void>,
): Promise<number> {
  const replay = new EventReplay(source, fromEvent, upToCommand);
  try {
    for (let batch = replay.next(); batch; batch = replay.next()) {
      await onBatch(batch);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return replay.nextEvent;
  } finally {
    replay.close();
  }
}

class EventReplay {
  private readonly records = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);
  private readonly batch = new EventBatch(this.records);
  private readonly core: Core;
  private readonly reader;
  private inBlock = 0;
  private handedOut = 0;
  /** Event sequence = counter of the ring + offset. */
  private readonly offset: number;

  constructor(
    source: PastEventsSource,
    private readonly fromEvent: number,
    private readonly upToCommand: number,
  ) {
    this.core = new Core(source.capacity, { records: this.records, awaitSpace: () => this.handedOut });
    this.reader = restore(this.core, { ...source, beforeEvent: fromEvent }).reader;
    this.offset = this.core.events.sequence;
  }

  get nextEvent(): number {
    return Math.max(this.fromEvent, this.core.events.sequence + 1);
  }

  /** The next events that are wanted, or undefined at the end. */
  next(): EventBatch | undefined {
    for (;;) {
      const begin = this.core.events.written;
      const more = this.applySome();
      const first = Math.max(begin, this.fromEvent - 1 - this.offset);
      const { written } = this.core.events;
      this.handedOut = written;
      if (written > first) return this.batch.set(first, written - first);
      if (!more) return undefined;
    }
  }

  close(): void {
    this.reader.close();
  }

  private applySome(): boolean {
    const { core, reader } = this;
    const begin = core.events.written;
    while (core.events.written - begin < BATCH_EVENTS) {
      if (this.inBlock === reader.count || reader.count === 0) {
        if (reader.count > 0) reader.done();
        if (core.state.sequence >= this.upToCommand || !reader.next()) return false;
        this.inBlock = 0;
      }
      const at = reader.firstWord + this.inBlock * reader.records.recordWords;
      const sequence = reader.records.doubles[(at >> 1) + CommandDouble.Sequence]!;
      if (sequence > this.upToCommand) return false;
      if (sequence > core.state.sequence) core.apply(reader.records, at);
      this.inBlock += 1;
    }
    return true;
  }
}
