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

  /** Newest command that the file has seen, 0 for none. An active engine whose journal ends before it has lost something. */
  notedCommand(): number {
    return this.read(() => {})?.commandSequence ?? 0;
  }

  /** Finds the position again: from the file, and from the events after it. */
  async restore(
    readEvents: (from: number, onBatch: (batch: EventBatch) => void) => Promise<number>,
    durableSequence: number,
    onNotice: (notice: string) => void,
  ): Promise<void> {
    const noted = this.read(onNotice);
    if (noted && noted.commandSequence > durableSequence) {
      // The journal of a standby is cut back to what its leader has.
      onNotice(`${this.path}: is ahead of the journal; the position is searched in the journal`);
    } else if (noted) {
      this.current = { ...noted, commandSequence: 0 };
      this.saved = noted.sequence;
    }
    await readEvents(this.current.sequence + 1, (batch) => {
      for (let index = 0; index < batch.length; index++) this.observe(batch.at(index));
    });
  }

  get path(): string {
    return `${this.directory}/${POSITION_FILE}`;
  }

  private read(onNotice: (notice: string) => void): Position | undefined {
    const bytes = readWhole(new FileStorage(this.directory), POSITION_FILE);
    if (!bytes) return undefined;
    const position = parse(Buffer.from(bytes).toString());
    if (!position) onNotice(`${this.path}: cannot be read; the position is searched in the journal`);
    return position;
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

/** Undefined for anything but a position. */
function parse(text: string): Position | undefined {
  try {
    const { next, sequence, commandSequence } = JSON.parse(text) as Partial<Position>;
    if (next === undefined || sequence === undefined || commandSequence === undefined) return undefined;
    return [next, sequence, commandSequence].every(Number.isSafeInteger)
      ? { next, sequence, commandSequence }
      : undefined;
  } catch {
    return undefined;
  }
}
