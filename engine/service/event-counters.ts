import type { Instruments } from "../model/instruments";
import { reasonCode } from "../problems/reasons";
import { CancelReason, EventType, type EventView, RejectReason } from "../protocol";
import type { MetricCounter, MetricRegistry } from "../telemetry/registry";

const BOOK_CAPACITY = "book-capacity";
const TECHNICAL_REASONS = [
  [RejectReason.OrderCapacity, "order-capacity"],
  [RejectReason.BookCapacity, BOOK_CAPACITY],
  [RejectReason.ThroughputLimit, "throughput-limit"],
] as const;

/** Counts events for the metrics: plain numbers, found without a text key. */
export class EventCounters {
  private readonly byType: (MetricCounter | undefined)[] = [];
  private readonly filled: MetricCounter;
  private readonly partiallyFilled: MetricCounter;
  private readonly executions: readonly MetricCounter[];
  /** By reason number; all of them from the start, so that a rate sees the first one too. */
  private readonly rejections: readonly MetricCounter[];
  /** Refusals and cancellations because the engine has no room, or takes no more in a second. */
  private readonly technical = new Map<RejectReason, MetricCounter>();
  private readonly cancelledWithoutRoom: MetricCounter;

  constructor(metrics: MetricRegistry, instruments: Instruments) {
    const orders = (status: string) => metrics.counter("orders", status);
    this.byType[EventType.Accepted] = orders("accepted");
    this.byType[EventType.Rejected] = orders("rejected");
    this.byType[EventType.Cancelled] = orders("cancelled");
    this.byType[EventType.Modified] = orders("modified");
    this.byType[EventType.Triggered] = orders("triggered");
    this.filled = orders("filled");
    this.partiallyFilled = orders("partially_filled");
    const reasons = Object.values(RejectReason).filter((reason) => typeof reason === "number");
    this.rejections = reasons.map((reason) => metrics.counter("rejections", reasonCode(reason)));
    for (const [reason, component] of TECHNICAL_REASONS)
      this.technical.set(reason, metrics.counter("errors", component));
    this.cancelledWithoutRoom = metrics.counter("errors", BOOK_CAPACITY);
    this.executions = instruments.all.map(({ name }) => metrics.counter("executions", name));
  }

  count(event: EventView): void {
    const { type } = event;
    const counter = this.byType[type];
    if (counter) counter.value += 1;
    if (type === EventType.Executed) {
      (this.executions[event.symbol] as MetricCounter).value += 1;
      (event.remaining === 0 ? this.filled : this.partiallyFilled).value += 1;
      (event.makerRemaining === 0 ? this.filled : this.partiallyFilled).value += 1;
    } else if (type === EventType.Rejected) {
      (this.rejections[event.reason] as MetricCounter).value += 1;
      const technical = this.technical.get(event.reason as RejectReason);
      if (technical) technical.value += 1;
    } else if (type === EventType.Cancelled && event.reason === CancelReason.BookCapacity) {
      this.cancelledWithoutRoom.value += 1;
    }
  }
}
