import Ajv from "ajv";
import { type Static, Type } from "typebox";
import { KafkaConnection } from "../adapters/kafka";
import type { EngineConfiguration } from "../configuration";
import { offsetCorrelation } from "../model/correlation";
import type { Instruments } from "../model/instruments";
import { NewOrderBody } from "../presentation/schemas";
import type { Log } from "../telemetry/log";
import type { MetricCounter } from "../telemetry/registry";
import { Submission } from "../threads/engine";
import type { EngineCore } from "./engine-core";
import { newOrderOf, priceOf, quantityOf } from "./order-entry";
import { nowMicroseconds } from "./tickets";

const target = {
  account: Type.Integer({ minimum: 1, maximum: 65_535 }),
  clientOrderId: Type.String({ pattern: "^[1-9]\\d{0,19}$", description: "64 bits, chosen by the sender" }),
};
const decimal = Type.String({ maxLength: 31 });
const Enter = Type.Object(
  { action: Type.Literal("enter"), ...target, ...NewOrderBody.properties },
  { additionalProperties: false },
);
const Cancel = Type.Object(
  { action: Type.Literal("cancel"), ...target, symbol: Type.String({ maxLength: 12 }) },
  { additionalProperties: false },
);
const Modify = Type.Object(
  {
    action: Type.Literal("modify"),
    ...target,
    symbol: Type.String({ maxLength: 12 }),
    price: decimal,
    quantity: decimal,
  },
  { additionalProperties: false },
);
type OrderMessage = Static<typeof Enter> | Static<typeof Cancel> | Static<typeof Modify>;

const UINT64_MAX = 2n ** 64n - 1n;
const RETRY_MS = 500;
const FULL_WAIT_MS = 5;

export interface KafkaOrdersParts {
  readonly configuration: EngineConfiguration;
  readonly instruments: Instruments;
  readonly core: EngineCore;
  readonly log: Log;
  readonly offered: MetricCounter;
  readonly errors: MetricCounter;
  /** Offset after the newest one whose command is in the journal; undefined while nobody knows. */
  nextOffset(): number | undefined;
}

/**
 * Orders out of a topic. The offset of a message travels in its command and so lies in the journal with it: after any
 * failure reading goes on behind the newest offset that the journal has, so each message has its effect once.
 */
export class KafkaOrders {
  /** By action: a schema fills in defaults while it looks, which the next one would find odd. */
  private readonly schemas: ReadonlyMap<string, (value: unknown) => boolean>;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private lostTold = false;

  constructor(private readonly parts: KafkaOrdersParts) {
    const ajv = new Ajv({ useDefaults: true, strict: false });
    this.schemas = new Map(
      Object.entries({ enter: Enter, cancel: Cancel, modify: Modify }).map(([name, schema]) => [
        name,
        ajv.compile(schema),
      ]),
    );
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const { kafka, partition, region } = this.parts.configuration;
    while (!this.stopped) {
      let connection: KafkaConnection | undefined;
      try {
        if (this.parts.core.role !== "active" || !this.knowsWhere()) {
          await sleep(RETRY_MS);
          continue;
        }
        connection = await KafkaConnection.open(kafka, partition, region);
        await this.follow(connection, kafka.topics.orders.name);
      } catch {
        // Whether the brokers answer is shown by the projection beside this; here it is only tried again.
        await sleep(RETRY_MS);
      } finally {
        await connection?.close();
      }
    }
  }

  private knowsWhere(): boolean {
    if (this.parts.nextOffset() !== undefined) return true;
    if (!this.lostTold) {
      this.parts.errors.value += 1;
      this.parts.log.error(
        {},
        "orders of the topic are not read: the last position is not known (docs/engine-service.md)",
      );
    }
    this.lostTold = true;
    return false;
  }

  private async follow(connection: KafkaConnection, topic: string): Promise<void> {
    const { first } = await connection.bounds(topic);
    let offset = Math.max(first, this.parts.nextOffset() ?? Number.POSITIVE_INFINITY);
    while (!this.stopped && this.parts.core.role === "active") {
      const { records } = await connection.read(topic, offset);
      for (const record of records) {
        if (this.stopped || !(await this.take(record.offset, record.value))) return;
        offset = record.offset + 1;
      }
    }
  }

  /** A message that is no order is skipped: nothing behind it may wait for it for ever. False: read it again later. */
  private async take(offset: number, value: Buffer | null): Promise<boolean> {
    let message: OrderMessage;
    try {
      message = JSON.parse(value?.toString() ?? "");
      if (!this.schemas.get(message?.action)?.(message)) throw new Error("it does not fit the schema");
      if (BigInt(message.clientOrderId) > UINT64_MAX) throw new Error("clientOrderId has more than 64 bits");
      let submission = this.submit(offset, message);
      while (submission === Submission.QueueFull && !this.stopped) {
        await sleep(FULL_WAIT_MS);
        submission = this.submit(offset, message);
      }
      return submission === Submission.Taken;
    } catch (error) {
      this.parts.errors.value += 1;
      this.parts.log.warn({ offset, error: (error as Error).message }, "message in the orders topic was skipped");
      return true;
    }
  }

  private submit(offset: number, message: OrderMessage): Submission {
    const { instruments, core, offered } = this.parts;
    const instrument = instruments.named(message.symbol);
    const id = BigInt.asUintN(64, BigInt(message.clientOrderId));
    const clientOrderId = { low: Number(BigInt.asIntN(32, id)), high: Number(BigInt.asIntN(32, id >> 32n)) };
    const origin = { ...offsetCorrelation(offset), timeMicroseconds: nowMicroseconds() };
    const order = { ...origin, account: message.account, symbol: instrument.index, clientOrderId };
    offered.value += 1;
    return core.submit((encoder, index) => {
      if (message.action === "enter") {
        encoder.newOrder(index, { ...newOrderOf(message, instrument, message.account, clientOrderId), ...origin });
      } else if (message.action === "cancel") encoder.cancel(index, order);
      else {
        const [price, quantity] = [priceOf(message.price, instrument), quantityOf(message.quantity, instrument)];
        encoder.modify(index, { ...order, price, quantity });
      }
    });
  }
}

const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs).unref());
