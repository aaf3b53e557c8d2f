import type { CoreListener } from "../entry/engine-core";
import type { KafkaPosition } from "../entry/kafka-position";
import type { Tickets } from "../entry/tickets";
import { connectionOf, isRequested, Source, sourceOf } from "../model/correlation";
import type { EventLog } from "../model/event-log";
import type { PublicTrade } from "../model/views/trade-view";
import type { ViewListener, Views } from "../model/views/views";
import { type EventBatch, EventType } from "../protocol";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import type { Role } from "../threads/engine";
import type { Streams } from "../web-socket/streams";
import type { EventCounters } from "./event-counters";

export interface EventFanOutParts {
  readonly views: Views;
  readonly events: EventLog;
  readonly counters: EventCounters;
  readonly tickets: Tickets;
  readonly streams: Streams;
  readonly kafkaPosition: KafkaPosition | undefined;
  onRole(role: Role, epoch: number): void;
  onNotice(level: "info" | "warn" | "error", message: string): void;
}

/** Events that are taken out of the log at a time. */
const SHOWN_AT_ONCE = 4_096;

/**
 * Where the core's events come out: each goes to the log, the counters, and whoever waits for it. The views get it out
 * of the log once its command is durable, and before anybody is answered: whatever is read from them (over HTTP, the
 * WebSocket, or by a store) survives the loss of this process.
 */
export class EventFanOut implements CoreListener, ViewListener {
  private newestCommand = 0;
  private durable = 0;
  /** The views hold what was recovered, and go on from there. */
  private showing = false;
  private durableProgressMs = monotonicMs();

  constructor(private readonly parts: EventFanOutParts) {}

  onEvents(batch: EventBatch): void {
    const { counters, tickets, streams, events, kafkaPosition } = this.parts;
    events.append(batch);
    let runStart = 0;
    let runConnection = 0;
    // One look at the clock for all of them.
    const nowMs = monotonicMs();
    if (this.newestCommand <= this.durable) this.durableProgressMs = nowMs;
    for (let index = 0; index < batch.length; index++) {
      const event = batch.at(index);
      counters.count(event);
      kafkaPosition?.observe(event);
      const high = event.correlationHigh;
      const source = sourceOf(high);
      if (isRequested(source)) tickets.observe(event, nowMs);
      const connection = source === Source.WebSocket ? connectionOf(high) : 0;
      this.newestCommand = event.commandSequence;
      if (connection === runConnection) continue;
      if (runConnection > 0) streams.answer(runConnection, batch, runStart, index);
      runStart = index;
      runConnection = connection;
    }
    if (runConnection > 0) streams.answer(runConnection, batch, runStart, batch.length);
    // A command may be durable before its events have come here. What came earlier was told when it became durable.
    if (batch.length === 0 || batch.at(0).commandSequence > this.durable) return;
    this.show();
    tickets.settle(this.durable);
    streams.durable(this.durable);
  }

  onDurable(sequence: number): void {
    this.durable = sequence;
    this.durableProgressMs = monotonicMs();
    this.show();
    this.parts.tickets.settle(sequence);
    this.parts.streams.durable(sequence);
  }

  /** The views have been restored up to their sequence: what has come since, and what comes, goes into them. */
  begin(): void {
    this.showing = true;
    this.show();
  }

  /** Brings what is durable into the views. */
  private show(): void {
    if (!this.showing) return;
    const { views, events, streams } = this.parts;
    for (;;) {
      const batch = events.read(views.sequence, SHOWN_AT_ONCE, this.durable);
      if (batch.length === 0) break;
      for (let index = 0; index < batch.length; index++) {
        const event = batch.at(index);
        views.apply(event, this);
        if (event.type !== EventType.Rejected) streams.orderChanged(event);
      }
    }
    events.keepFrom(views.sequence + 1);
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
