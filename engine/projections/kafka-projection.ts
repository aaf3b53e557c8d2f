import { KafkaConnection, type KafkaMessage } from "../adapters/kafka";
import type { EngineConfiguration } from "../configuration";
import type { Instruments } from "../model/instruments";
import type { Views } from "../model/views/views";
import { presentBook } from "../presentation/presentation";
import { type EventBatch, EventType } from "../protocol";
import type { Log } from "../telemetry/log";
import { executionMessage, tradeMessage } from "./kafka-messages";
import type { Projection } from "./projection";

/** Events without a message after which one is written that only says how far the topic is. */
const MARK_EVERY_EVENTS = 20_000;
const BOOK_DEPTH = 10;
/** Records read at a time while looking for the newest sequence at the end of the topic. */
const TAIL_RECORDS = 100;

/**
 * Executions and market data as topics. The newest execution in the topic says where to go on, so a restart or an
 * answer that was lost repeats nothing; each message carries its sequence, so a consumer can tell a repetition.
 */
export class KafkaProjection implements Projection {
  private readonly topics: { readonly executions: string; readonly marketData: string };
  private connection: KafkaConnection | undefined;
  /** Newest sequence that is in the topic for certain: where a restart would go on. */
  anchor = 0;

  constructor(
    private readonly configuration: EngineConfiguration,
    private readonly instruments: Instruments,
    private readonly views: Views,
    private readonly log: Pick<Log, "warn">,
  ) {
    const { executions, marketData } = configuration.kafka.topics;
    this.topics = { executions: executions.name, marketData: marketData.name };
  }

  async recorded(): Promise<number> {
    const { kafka, partition, region } = this.configuration;
    const connection = await KafkaConnection.open(kafka, partition, region);
    try {
      return await this.newestSequence(connection);
    } finally {
      await connection.close();
    }
  }

  async resume(): Promise<number> {
    await this.close();
    const { kafka, partition, region } = this.configuration;
    for (const difference of await KafkaConnection.ensureTopics(kafka, partition, region)) {
      this.log.warn({ dependency: "kafka" }, difference);
    }
    this.connection = await KafkaConnection.open(kafka, partition, region);
    this.anchor = await this.newestSequence(this.connection);
    return this.anchor;
  }

  async write(batch: EventBatch): Promise<void> {
    const { executions, marketData } = this.topics;
    const messages: KafkaMessage[] = [];
    const touched = new Set<number>();
    const newest = batch.at(batch.length - 1).sequence;
    let sent = 0;
    for (let index = 0; index < batch.length; index++) {
      const event = batch.at(index);
      touched.add(event.symbol);
      const execution = executionMessage(event, this.instruments);
      if (!execution) continue;
      const key = this.instruments.all[event.symbol]?.name ?? "";
      messages.push({ topic: executions, key, value: JSON.stringify(execution) });
      if (event.type === EventType.Executed) {
        messages.push({ topic: marketData, key, value: JSON.stringify(tradeMessage(event, this.instruments)) });
      }
      sent = event.sequence;
    }
    if (sent === 0 && newest - this.anchor >= MARK_EVERY_EVENTS) {
      messages.push({ topic: executions, key: "", value: JSON.stringify({ type: "mark", sequence: newest }) });
      sent = newest;
    }
    messages.push(...this.bookMessages(touched, marketData));
    if (messages.length > 0) await this.connection?.send(messages);
    if (sent > 0) this.anchor = sent;
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  /** Books as they are now: newer than the batch, because only the newest one matters to a reader. */
  private bookMessages(symbols: ReadonlySet<number>, topic: string): KafkaMessage[] {
    return [...symbols].flatMap((symbol) => {
      const instrument = this.instruments.all[symbol];
      const book = this.views.books[symbol];
      if (!instrument || !book) return [];
      const value = { type: "book", ...presentBook(book.levels(BOOK_DEPTH), this.views.sequence, instrument) };
      return [{ topic, key: instrument.name, value: JSON.stringify(value) }];
    });
  }

  private async newestSequence(connection: KafkaConnection): Promise<number> {
    const topic = this.topics.executions;
    const { first, next } = await connection.bounds(topic);
    let newest = 0;
    let offset = Math.max(first, next - TAIL_RECORDS);
    while (offset < next) {
      const { records } = await connection.read(topic, offset);
      for (const { value } of records) newest = Math.max(newest, sequenceOf(value));
      const last = records.at(-1);
      if (!last) break;
      offset = last.offset + 1;
    }
    return newest;
  }
}

function sequenceOf(value: Buffer | null): number {
  const { sequence } = JSON.parse(value?.toString() ?? "{}") as { sequence?: number };
  return sequence ?? 0;
}
