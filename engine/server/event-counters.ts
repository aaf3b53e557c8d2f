import type { Instruments } from "../api/instruments";
import { EventType, type EventView, type RejectReason } from "../protocol";
import type { Counter, MetricRegistry } from "./metrics/registry";
import { reasonCode } from "./views/order-view";

/** Counts events for the metrics: plain numbers, found without a text key. */
export class EventCounters {
  private readonly byType: (Counter | undefined)[] = [];
  private readonly filled: Counter;
  private readonly partiallyFilled: Counter;
  private readonly executions: readonly Counter[];
  private readonly rejections: Counter[] = [];

  constructor(
    private readonly metrics: MetricRegistry,
    instruments: Instruments,
  ) {
    const orders = (status: string) => metrics.counter("orders", status);
    this.byType[EventType.Accepted] = orders("accepted");
    this.byType[EventType.Rejected] = orders("rejected");
    this.byType[EventType.Cancelled] = orders("cancelled");
    this.byType[EventType.Modified] = orders("modified");
    this.byType[EventType.Triggered] = orders("triggered");
    this.filled = orders("filled");
    this.partiallyFilled = orders("partially_filled");
    this.executions = instruments.all.map(({ name }) => metrics.counter("executions", name));
  }

  count(event: EventView): void {
    const { type } = event;
    const counter = this.byType[type];
    if (counter) counter.value += 1;
    if (type === EventType.Executed) {
      (this.executions[event.symbol] as Counter).value += 1;
      (event.remaining === 0 ? this.filled : this.partiallyFilled).value += 1;
      (event.makerRemaining === 0 ? this.filled : this.partiallyFilled).value += 1;
    } else if (type === EventType.Rejected) {
      this.rejection(event.reason as RejectReason).value += 1;
    }
  }

  private rejection(reason: RejectReason): Counter {
    this.rejections[reason] ??= this.metrics.counter("rejections", reasonCode(reason));
    return this.rejections[reason] as Counter;
  }
}
