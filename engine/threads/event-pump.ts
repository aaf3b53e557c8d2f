import { EventBatch } from "../protocol/event-batch";
import { eventRing } from "../shared-memory/ring-buffers";
import { Counter, type SharedControl } from "../shared-memory/shared-control";

const BATCH_EVENTS = 4_096;
/**
 * It looks this often whether the bell was rung or not. By a timer of its own: a time limit for each sleep would be set
 * and taken back for each batch, which costs more than the batch.
 */
const LOOK_MS = 50;

/** The gateway's end of the event ring: hands out batches while there are any and sleeps without blocking. */
export class EventPump {
  private readonly batch: EventBatch;
  private readonly capacity: number;
  private read = 0;
  private stopped = false;
  private readonly looks: NodeJS.Timeout;

  constructor(
    private readonly control: SharedControl,
    buffer: SharedArrayBuffer,
    private readonly onEvents: (batch: EventBatch) => void,
    /** Called once in each round, whether there were events or not. */
    private readonly onRound: () => void,
  ) {
    const records = eventRing(buffer);
    this.capacity = records.capacity;
    this.batch = new EventBatch(records);
    this.looks = setInterval(() => control.ring(Counter.GatewayBell), LOOK_MS).unref();
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      const bell = this.control.load(Counter.GatewayBell);
      this.drain();
      this.onRound();
      if (this.available() > 0) await new Promise((resolve) => setImmediate(resolve));
      else await this.sleep(bell);
    }
  }

  /** Hands out everything that is there now. */
  drain(): void {
    for (let available = this.available(); available > 0; available -= this.batch.length) {
      const length = Math.min(available, BATCH_EVENTS);
      this.onEvents(this.batch.set(this.read, length));
      this.read = (this.read + length) | 0;
      this.control.store(Counter.EventsRead, this.read);
      this.control.notify(Counter.EventsRead);
    }
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.looks);
    this.control.ring(Counter.GatewayBell);
  }

  private available(): number {
    return Math.min(this.capacity, (this.control.load(Counter.EventsWritten) - this.read) | 0);
  }

  private async sleep(bell: number): Promise<void> {
    this.control.store(Counter.GatewaySleeps, 1);
    if (this.available() === 0) await this.control.waitAsync(Counter.GatewayBell, bell);
    this.control.store(Counter.GatewaySleeps, 0);
  }
}
