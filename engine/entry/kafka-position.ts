import { FileStorage } from "../journal/file-storage";
import { readWhole, replaceFile } from "../journal/replace-file";
import { offsetOf, Source, sourceOf } from "../model/correlation";
import type { EventBatch, EventView } from "../protocol";

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
  /** What the file says. */
  private saved = 0;
  /** The journal begins behind what nobody has noted, and has no order of the topic since. */
  private unknown = false;

  constructor(private readonly directory: string) {}

  /** Undefined while nobody knows: to begin anywhere would enter orders a second time, or leave some out. */
  get next(): number | undefined {
    return this.unknown ? undefined : this.current.next;
  }

  /** Events up to this one are not needed for this any more. */
  get neededAfter(): number {
    return this.unknown ? Number.POSITIVE_INFINITY : this.saved;
  }

  observe(event: EventView): void {
    const { correlationHigh: high, correlationLow: low } = event;
    const next = sourceOf(high) === Source.Kafka ? offsetOf(high, low) + 1 : 0;
    if (next > 0) this.unknown = false;
    this.current = {
      next: Math.max(this.current.next, next),
      sequence: event.sequence,
      commandSequence: event.commandSequence,
    };
  }

  /**
   * Newest command that the file has seen, 0 for none. An active engine whose journal ends before it has lost
   * something.
   */
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
      onNotice(`${this.path}: is ahead of the journal; the position is determined from the journal`);
    } else if (noted) {
      // A standby may have seen newer ones already.
      this.current = { ...noted, next: Math.max(noted.next, this.current.next), commandSequence: 0 };
      this.saved = noted.sequence;
    }
    const observe = (batch: EventBatch) => {
      for (let index = 0; index < batch.length; index++) this.observe(batch.at(index));
    };
    await readEvents(this.saved + 1, observe).catch((error: Error) => this.notFound(error, onNotice));
  }

  /** A standby that began with its leader's snapshot has no older events and, at first, no note. */
  private notFound(error: Error, onNotice: (notice: string) => void): void {
    if ((error as { code?: string }).code !== "JOURNAL_GAP") throw error;
    this.unknown = this.current.next === 0;
    if (!this.unknown) return;
    onNotice(
      `${this.path}: is missing and the journal starts later, so the position in the orders topic is not known; ` +
        "nothing is read until the active engine sends an order of the topic, or the peer's file is copied here before a start",
    );
  }

  get path(): string {
    return `${this.directory}/${POSITION_FILE}`;
  }

  private read(onNotice: (notice: string) => void): Position | undefined {
    const bytes = readWhole(new FileStorage(this.directory), POSITION_FILE);
    if (!bytes) return undefined;
    const position = parse(Buffer.from(bytes).toString());
    if (!position) onNotice(`${this.path}: cannot be read; the position is determined from the journal`);
    return position;
  }

  /** Writes what was noted at the last call, once it is durable: an offset must never be ahead of the journal. */
  save(durableSequence: number): void {
    const { candidate } = this;
    if (!this.unknown && candidate && candidate.commandSequence <= durableSequence && candidate.sequence > this.saved) {
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
