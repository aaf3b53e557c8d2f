import { Core } from "../matching/core";
import { COMMAND_WORDS, CommandType, CommandWord, type Side, TimeInForce } from "../protocol/command";
import { copyCommand } from "../protocol/copy-command";
import { CommandEncoder } from "../protocol/encode-command";
import { EVENT_WORDS } from "../protocol/event";
import { sideIn, timeInForceIn, typeIn } from "../protocol/packed-words";
import { RecordBuffer } from "../protocol/record-buffer";
import { BENCH_CAPACITY } from "./flow";

/** Something that a flow can be run through. `run` applies the commands from one index to below another. */
export interface Subject {
  run(from: number, to: number): void;
}

/** "nothing" does nothing: what it measures is the machine. */
export type SubjectName = "core" | "full" | "nodejs-order-book" | "hft-limit-order-book" | "nothing";

const EVENT_RING = 8_192;
const JOURNAL_RING = 8_192;

export async function makeSubject(name: SubjectName, commands: RecordBuffer): Promise<Subject> {
  switch (name) {
    case "core":
      return new CoreSubject(commands, false);
    case "full":
      return new CoreSubject(commands, true);
    case "nodejs-order-book":
      return new LibrarySubject(commands, new (await import("nodejs-order-book")).OrderBook());
    case "hft-limit-order-book":
      return new LibrarySubject(commands, new (await import("hft-limit-order-book")).OrderBook());
    case "nothing":
      return { run: () => {} };
  }
}

/**
 * The core as the matching thread runs it. "full" has every limit switched on, refuses repeated ids of finished orders
 * and encodes the journal's records; positions and events are kept always.
 */
class CoreSubject implements Subject {
  private readonly core: Core;
  private readonly journal: Int32Array | undefined;
  private journalled = 0;

  constructor(
    private readonly commands: RecordBuffer,
    full: boolean,
  ) {
    const ring = RecordBuffer.allocateShared(EVENT_RING, EVENT_WORDS);
    // The libraries remember no finished ids either.
    const capacity = full ? BENCH_CAPACITY : { ...BENCH_CAPACITY, rememberedOrderIds: 0 };
    this.core = new Core(capacity, { records: ring, awaitSpace: (written) => written });
    if (!full) return;
    this.journal = RecordBuffer.allocateShared(JOURNAL_RING, COMMAND_WORDS).words;
    this.switchOnLimits();
  }

  /** None of them refuses anything of the flow, so both variants do the same trades. */
  private switchOnLimits(): void {
    const records = RecordBuffer.allocate(1, COMMAND_WORDS);
    const encoder = new CommandEncoder(records);
    const timeMicroseconds = 1;
    const maxPositionLots = 100_000_000;
    encoder.engineLimits(0, {
      timeMicroseconds,
      ordersPerSecond: 100_000_000,
      ordersPerSecondPerAccount: 10_000_000,
      maxPositionLots,
    });
    this.core.apply(records, 0);
    encoder.symbolLimits(0, {
      timeMicroseconds,
      symbol: 0,
      maxOrderLots: 1_000,
      priceCollarBps: 5_000,
      maxOrderNotional: 1e12,
    });
    this.core.apply(records, 0);
  }

  run(from: number, to: number): void {
    const { commands } = this;
    const end = to * COMMAND_WORDS;
    for (let at = from * COMMAND_WORDS; at < end; at += COMMAND_WORDS) {
      this.core.apply(commands, at);
      if (this.journal) this.encode(this.journal, commands.words, at);
    }
  }

  private encode(journal: Int32Array, words: Int32Array, at: number): void {
    copyCommand(words, at, journal, (this.journalled & (JOURNAL_RING - 1)) * COMMAND_WORDS);
    this.journalled = (this.journalled + 1) | 0;
  }
}

/** What both libraries offer. */
interface LibraryBook {
  limit(order: { id: string; side: "buy" | "sell"; size: number; price: number; timeInForce?: "IOC" }): {
    err: unknown;
  };
  cancel(id: string): unknown;
}

/** The same orders for a library. Its string ids are made beforehand, so that making them is not counted. */
class LibrarySubject implements Subject {
  private readonly ids: string[];

  constructor(
    private readonly commands: RecordBuffer,
    private readonly book: unknown,
  ) {
    const { words } = commands;
    this.ids = Array.from(
      { length: commands.capacity },
      (_, index) =>
        `${words[index * COMMAND_WORDS + CommandWord.Account]}-${words[index * COMMAND_WORDS + CommandWord.ClientLow]}`,
    );
  }

  run(from: number, to: number): void {
    const book = this.book as LibraryBook;
    const { words } = this.commands;
    for (let index = from; index < to; index += 1) {
      const at = index * COMMAND_WORDS;
      if (typeIn(words[at]!) === CommandType.Cancel) {
        book.cancel(this.ids[index]!);
        continue;
      }
      const traits = words[at + CommandWord.Traits]!;
      const order = {
        id: this.ids[index]!,
        side: sideName(sideIn(traits)),
        size: words[at + CommandWord.Quantity]!,
        price: words[at + CommandWord.Price]!,
        ...(timeInForceIn(traits) === TimeInForce.ImmediateOrCancel ? { timeInForce: "IOC" as const } : {}),
      };
      const { err } = book.limit(order);
      if (err) throw err;
    }
  }
}

const sideName = (side: Side): "buy" | "sell" => (side === 0 ? "buy" : "sell");
