import { join } from "node:path";
import { COMMAND_WORDS, type Side } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import type { EventRecord } from "../protocol/event-view";
import { RecordBuffer } from "../protocol/record-buffer";
import type { Engine, EngineOptions, Submission } from "./engine";

/** For tests: small options whose files lie in a directory of the test. */
export function anEngineIn(directory: string, changes: Partial<EngineOptions> = {}): EngineOptions {
  return {
    capacity: { symbols: 2, accounts: 16, openOrders: 8_192, levelPages: 64, rememberedOrderIds: 256 },
    limits: {
      ordersPerSecond: 0,
      ordersPerSecondPerAccount: 0,
      maxPositionLots: 1_000_000,
      symbols: [
        { maxOrderLots: 10_000, priceCollarBps: 0, maxOrderNotional: 1e12, referencePrice: 65_000 },
        { maxOrderLots: 10_000, priceCollarBps: 0, maxOrderNotional: 1e12 },
      ],
    },
    queueCapacity: 1_000,
    journal: { directory: join(directory, "journal"), groupCommitMicroseconds: 500, segmentMiB: 1 },
    snapshot: { directory: join(directory, "snapshots"), intervalSeconds: 60, keep: 2 },
    threads: { spin: false },
    role: "active",
    onEvents: () => {},
    ...changes,
  };
}

/** Collects the events of an engine as plain objects. */
export class EventCollector {
  readonly events: EventRecord[] = [];
  readonly onEvents: EngineOptions["onEvents"] = (batch) => {
    for (let index = 0; index < batch.length; index += 1) this.events.push(batch.at(index).copy());
  };
}

/** Sends limit orders of symbol 0 to an engine: order `id` belongs to account `id % 4`. */
export class OrderSender {
  private readonly records = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);

  send(engine: Engine, id: number, side: Side, price: number, quantity = 10): Submission {
    this.encoder.newOrder(0, {
      timeMicroseconds: Date.now() * 1_000,
      correlationLow: id,
      symbol: 0,
      account: id % 4,
      clientOrderId: { low: id },
      side,
      price,
      quantity,
    });
    return engine.submit(this.records, 0);
  }
}
