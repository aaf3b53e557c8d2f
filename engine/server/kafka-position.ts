import { FileStorage } from "../journal/file-storage";
import { readWhole, replaceFile } from "../journal/replace-file";
import type { EventBatch, EventView } from "../protocol";
import { offsetOf, Source, sourceOf } from "./correlation";

/** Lies beside the snapshots. */
export const POSITION_FILE = "orders-topic.json";

interface Position {
  /** Offset of the first message whose command is not in the journal. */
  readonly next: number;
  /** Event up to which that holds. */
  readonly sequence: number;
  readonly commandSequence: number;
}

/**
 * How far the orders topic has been read, as the journal tells: every command carries its message's offset. The file
 * only shortens the search after a restart; what counts is what the events say.
 */
export class KafkaPosition {
  private current: Position = { next: 0, sequence: 0, commandSequence: 0 };
  private candidate: Position | undefined;
  /** What the file says: events before are not needed for this any more. */
  saved = 0;

  constructor(private readonly directory: string) {}

  get next(): number {
    return this.current.next;
  }

  observe(event: EventView): void {
    const { correlationHigh: high, correlationLow: low } = event;
    const next = sourceOf(high) === Source.Kafka ? offsetOf(high, low) + 1 : 0;
    this.current = {
      next: Math.max(this.current.next, next),
      sequence: event.sequence,
      commandSequence: event.commandSequence,
    };
  }

  /** Finds the position again: from the file, and from the events after it. */
  async restore(readEvents: (from: number, onBatch: (batch: EventBatch) => void) => Promise<number>): Promise<void> {
    const bytes = readWhole(new FileStorage(this.directory), POSITION_FILE);
    if (bytes) {
      const { next, sequence } = JSON.parse(Buffer.from(bytes).toString()) as Position;
      this.current = { next, sequence, commandSequence: 0 };
      this.saved = sequence;
    }
    await readEvents(this.current.sequence + 1, (batch) => {
      for (let index = 0; index < batch.length; index++) this.observe(batch.at(index));
    });
  }

  /** Writes what was noted at the last call, once it is durable: an offset must never be ahead of the journal. */
  save(durableSequence: number): void {
    const { candidate } = this;
    if (candidate && candidate.commandSequence <= durableSequence && candidate.sequence > this.saved) {
      replaceFile(new FileStorage(this.directory), POSITION_FILE, Buffer.from(JSON.stringify(candidate)));
      this.saved = candidate.sequence;
    }
    this.candidate = this.current;
  }
}
