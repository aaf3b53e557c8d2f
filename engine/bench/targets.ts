import type { Quantiles } from "./latency";
import type { OpenLoopMeasurement } from "./measurements";
import type { RecoveryMeasurement } from "./recovery-process";
import type { Measurement } from "./subject-process";

export interface Results {
  readonly throughput: readonly Measurement[];
  readonly openLoop: OpenLoopMeasurement;
  readonly recovery: RecoveryMeasurement;
}

/** What the engine promises, and what came out. */
export interface Target {
  readonly target: string;
  readonly measured: string;
  /** Undefined where this machine cannot tell. */
  readonly met: boolean | undefined;
  /** Against something that was measured in the same run, so that it can be compared between machines. */
  readonly anchored: string;
}

/** A loop that does nothing must stay below this, or the machine is too busy for the open loop's target. */
const CONTROL_P99_NS = 5_000;

export function targetsOf({ throughput, openLoop, recovery }: Results): Target[] {
  const find = (subject: string, mix: string): Measurement =>
    throughput.find((each) => each.subject === subject && each.mix === mix)!;
  const times = (subject: string, mix: string): number =>
    find(subject, mix).opsPerSecond / find("nodejs-order-book", mix).opsPerSecond;
  const own = throughput.filter(({ subject }) => subject === "core" || subject === "full");
  const least = Math.min(...["base", "dense", "deep"].map((mix) => times("core", mix)));
  const collections = own.reduce((sum, each) => sum + each.collections, 0);
  const slowest = own.reduce((a, b) => (b.closedLoop.p99Ns > a.closedLoop.p99Ns ? b : a));
  const anchor = find("nodejs-order-book", slowest.mix).closedLoop.p99Ns / slowest.closedLoop.p99Ns;
  const { full, control } = openLoop;
  return [
    {
      target: "base ≥ 10 M ops/s or ≥ 40 × nodejs-order-book",
      measured: throughputOf(find("core", "base")),
      met: find("core", "base").opsPerSecond >= 10e6 || times("core", "base") >= 40,
      anchored: `${times("core", "base").toFixed(0)} × nodejs-order-book; least of the mixes ${least.toFixed(0)} ×`,
    },
    {
      target: "with risk, journal records and positions ≥ 7 M/s",
      measured: throughputOf(find("full", "base")),
      met: find("full", "base").opsPerSecond >= 7e6,
      anchored: `${times("full", "base").toFixed(0)} × nodejs-order-book`,
    },
    {
      target: "no garbage collection",
      measured: String(collections),
      met: collections === 0,
      anchored: `nodejs-order-book ${find("nodejs-order-book", "base").collections}`,
    },
    {
      target: "closed loop p99 < 1 µs, all mixes",
      measured: `${micro(slowest.closedLoop.p99Ns)} µs (${slowest.subject}, ${slowest.mix})`,
      met: slowest.closedLoop.p99Ns < 1_000,
      anchored: `nodejs-order-book ${anchor.toFixed(0)} × as long`,
    },
    openLoopTarget("all seconds", full.whole, control.whole),
    openLoopTarget("the calmest second", full.calmestSecond, control.calmestSecond),
    {
      target: "replay ≥ 7 M events/s",
      measured: `${millions(recovery.eventsPerSecond)}/s`,
      met: recovery.eventsPerSecond >= 7e6,
      anchored: `${(recovery.recoveryMs / recovery.readingMs).toFixed(1)} × the time to read it`,
    },
    {
      target: "recovery of a minute at 100,000/s in < 1 s",
      measured: `${recovery.recoveryMs.toFixed(0)} ms (${recovery.recoveryCpuMs.toFixed(0)} ms with a CPU)`,
      met: recovery.recoveryMs < 1_000,
      anchored: `reading it alone ${recovery.readingMs.toFixed(0)} ms`,
    },
  ];
}

/** The promise is about every second; the calmest one says what the engine does while nobody disturbs it. */
const openLoopTarget = (over: string, full: Quantiles, control: Quantiles): Target => ({
  target: `open loop at 100,000/s p99 < 10 µs, ${over}`,
  measured: `${micro(full.p99Ns)} µs`,
  met: full.p99Ns < 10_000 || (control.p99Ns < CONTROL_P99_NS ? false : undefined),
  anchored: `doing nothing ${micro(control.p99Ns)} µs`,
});

const throughputOf = ({ opsPerSecond, undisturbedOpsPerSecond }: Measurement): string =>
  `${millions(opsPerSecond)}/s (undisturbed ${millions(undisturbedOpsPerSecond)})`;

export const millions = (count: number): string => `${(count / 1e6).toFixed(2)} M`;
export const micro = (ns: number): string => (ns / 1_000).toFixed(2);
