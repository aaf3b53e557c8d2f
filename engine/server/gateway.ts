import { type EventBatch, EventType, type Role } from "..";
import type { Streams } from "../api/web-socket/streams";
import { monotonicMs } from "../threads/monotonic-clock";
import type { CoreListener } from "./core";
import { connectionOf, Source, sourceOf } from "./correlation";
import type { EventCounters } from "./event-counters";
import type { EventLog } from "./event-log";
import type { KafkaPosition } from "./kafka-position";
import type { Tickets } from "./tickets";
import type { PublicTrade } from "./views/trade-view";
import type { ViewListener, Views } from "./views/views";

export interface GatewayParts {
  readonly views: Views;
  readonly events: EventLog;
  readonly counters: EventCounters;
  readonly tickets: Tickets;
  readonly streams: Streams;
  readonly kafkaPosition: KafkaPosition | undefined;
  onRole(role: Role, epoch: number): void;
  onNotice(level: "info" | "warn" | "error", message: string): void;
}

/**
 * Where the core's events come out: each goes to the views, the log for the stores, the counters, whoever waits for
 * it, and whoever listens.
 */
export class Gateway implements CoreListener, ViewListener {
  private newestCommand = 0;
  private durable = 0;
  private durableProgressMs = monotonicMs();

  constructor(private readonly parts: GatewayParts) {}

  onEvents(batch: EventBatch): void {
    const { views, counters, tickets, streams, events, kafkaPosition } = this.parts;
    events.append(batch);
    let runStart = 0;
    let runConnection = 0;
    // One look at the clock for all of them.
    const nowMs = monotonicMs();
    if (this.newestCommand <= this.durable) this.durableProgressMs = nowMs;
    for (let index = 0; index < batch.length; index++) {
      const event = batch.at(index);
      views.apply(event, this);
      counters.count(event);
      kafkaPosition?.observe(event);
      if (event.type !== EventType.Rejected) streams.orderChanged(event);
      const high = event.correlationHigh;
      const source = sourceOf(high);
      if (source === Source.Http) tickets.observe(event, nowMs);
      const connection = source === Source.WebSocket ? connectionOf(high) : 0;
      this.newestCommand = event.commandSequence;
      if (connection === runConnection) continue;
      if (runConnection > 0) streams.answer(runConnection, batch, runStart, index);
      runStart = index;
      runConnection = connection;
    }
    if (runConnection > 0) streams.answer(runConnection, batch, runStart, batch.length);
    tickets.settle(this.durable);
  }

  onDurable(sequence: number): void {
    this.durable = sequence;
    this.durableProgressMs = monotonicMs();
    this.parts.tickets.settle(sequence);
    this.parts.streams.durable(sequence);
  }

  onRole(role: Role, epoch: number): void {
    this.parts.onRole(role, epoch);
  }

  onNotice(level: "info" | "warn" | "error", message: string): void {
    this.parts.onNotice(level, message);
  }

  traded(symbol: number, trade: PublicTrade): void {
    this.parts.streams.traded(symbol, trade);
  }

  /** How long something has waited to become durable without any progress; 0 when everything is. */
  get durableLagSeconds(): number {
    if (this.newestCommand <= this.durable) return 0;
    return (monotonicMs() - this.durableProgressMs) / 1000;
  }

  get sequence(): number {
    return this.newestCommand;
  }
}
