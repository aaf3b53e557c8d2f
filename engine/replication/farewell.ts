import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import type { Leader } from "./leader";

const LOOK_MS = 2;
/** Times of silence that the peer is allowed, as long as it comes nearer. */
const PATIENCE = 4;

/**
 * The end of a leader in good order: what it has taken becomes durable here and on the standby, and the standby is told
 * that there will be no more. A standby that knows this may be promoted without a look at its leader.
 */
export class Farewell {
  constructor(
    private readonly control: SharedControl,
    private readonly standby: Leader,
    private readonly timeoutMs: number,
    /** Notes where this engine ends, before it is said. @throws where that cannot be noted: then it is not said */
    private readonly note: (sequence: number) => void,
  ) {}

  /** Resolves when it was said, or when the standby is gone or does not get there in time. */
  async say(): Promise<void> {
    const { control, standby, timeoutMs } = this;
    const deadlineMs = Date.now() + timeoutMs * PATIENCE;
    let heardMs = Date.now();
    let peerDurable = -1;
    while (standby.open && control.role === RoleCode.Active && Date.now() < deadlineMs) {
      if (this.complete) {
        const end = control.localDurable;
        this.note(end);
        return standby.sayEnded(end);
      }
      if (control.peerDurable > peerDurable) {
        peerDurable = control.peerDurable;
        heardMs = Date.now();
      }
      if (Date.now() - heardMs > timeoutMs) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  private get complete(): boolean {
    const { control } = this;
    const idle = control.load(Counter.InputWritten) === control.load(Counter.InputRead);
    return (
      idle && control.localDurable >= control.gauges[Gauge.Applied]! && control.peerDurable >= control.localDurable
    );
  }
}
