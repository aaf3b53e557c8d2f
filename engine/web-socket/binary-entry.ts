import type { EngineCore } from "../entry/engine-core";
import { nowMicroseconds } from "../entry/tickets";
import { correlationHigh, Source } from "../model/correlation";
import { COMMAND_BYTES, COMMAND_WORDS, CommandDouble, CommandType, CommandWord, RecordBuffer } from "../protocol";
import { typeIn } from "../protocol/packed-words";
import type { MetricCounter } from "../telemetry/registry";
import { Submission } from "../threads/engine";

/** What a client may command; operating the engine goes over HTTP. */
const TYPE_MIN = CommandType.NewOrder;
const TYPE_MAX = CommandType.CancelAll;

/** How far a frame came. What was not taken has had no effect. */
export interface FrameResult {
  readonly commands: number;
  readonly taken: number;
  readonly refusedBecause?: "QUEUE_FULL" | "NOT_ACTIVE" | "MALFORMED";
}

/** Takes frames of command records, and writes into each what a client must not choose: account, time and origin. */
export class BinaryEntry {
  private readonly records: RecordBuffer;

  constructor(
    private readonly core: Pick<EngineCore, "submitMany">,
    private readonly offered: MetricCounter,
    maxFrameBytes: number,
  ) {
    this.records = RecordBuffer.allocate(Math.ceil(maxFrameBytes / COMMAND_BYTES), COMMAND_WORDS);
  }

  take(frame: Uint8Array, account: number, connection: number): FrameResult {
    const commands = frame.length / COMMAND_BYTES;
    if (!Number.isInteger(commands) || commands === 0) return { commands: 0, taken: 0, refusedBecause: "MALFORMED" };
    this.records.bytes.set(frame);
    this.offered.value += commands;
    const origin = correlationHigh(Source.WebSocket, connection);
    const time = nowMicroseconds();
    let complete = 0;
    while (complete < commands && this.complete(complete, account, origin, time)) complete++;
    const { taken, submission } = this.core.submitMany(this.records, complete);
    if (submission !== Submission.Taken) return { commands, taken, refusedBecause: codeOf(submission) };
    return { commands, taken, ...(complete < commands ? { refusedBecause: "MALFORMED" as const } : {}) };
  }

  /** False for a command that clients must not give. */
  private complete(index: number, account: number, origin: number, time: number): boolean {
    const { words, doubles } = this.records;
    const word = index * COMMAND_WORDS;
    const type = typeIn(words[word] as number);
    if (type < TYPE_MIN || type > TYPE_MAX) return false;
    words[word + CommandWord.Account] = account;
    words[word + CommandWord.CorrelationHigh] = origin;
    doubles[(word >> 1) + CommandDouble.TimeMicroseconds] = time;
    doubles[(word >> 1) + CommandDouble.Sequence] = 0;
    return true;
  }
}

const codeOf = (submission: Submission) => (submission === Submission.QueueFull ? "QUEUE_FULL" : "NOT_ACTIVE");
