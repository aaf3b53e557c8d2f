import type { EngineConfiguration } from "../configuration";
import { readClockOffset } from "./clock-offset";
import type { Log } from "./log";

/** Compares the clock with the time server again and again. Without a server it counts as not synchronised. */
export class ClockMonitor {
  offsetSeconds = 0;
  synchronised = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: EngineConfiguration["clock"],
    private readonly log: Log,
  ) {}

  start(): void {
    const { server, intervalSeconds } = this.clock;
    if (server === undefined) return;
    const compare = () =>
      readClockOffset(server).then(
        ({ offsetSeconds }) => {
          this.offsetSeconds = offsetSeconds;
          this.synchronised = true;
        },
        (error: Error) => {
          if (this.synchronised) this.log.warn({ error: error.message }, "the clock is no longer being checked");
          this.synchronised = false;
        },
      );
    void compare();
    this.timer = setInterval(compare, intervalSeconds * 1000).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
