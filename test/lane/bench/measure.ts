import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMAND_WORDS, CommandEncoder, type Engine, openEngine, RecordBuffer, Side, Submission } from "@hft/engine";
import { programOutputSync } from "@hft/toolkit";
import type { Measurement } from "./variant";

/** One measurement in a process of its own: `measure.ts <pinned>` prints it as JSON. */
const ORDERS_PER_SECOND = 10_000;
const WARM_UP_ORDERS = 20_000;
const MEASURED_ORDERS = 30_000;
const NS_PER_SECOND = 1e9;

async function measure(pinned: boolean): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), "hft-lane-"));
  const engine = await openEngine({
    capacity: { symbols: 1, accounts: 64, openOrders: 65_536, levelPages: 256, rememberedOrderIds: 4_096 },
    limits: {
      ordersPerSecond: 0,
      ordersPerSecondPerAccount: 0,
      maxPositionLots: 1e9,
      symbols: [{ maxOrderLots: 1e6, priceCollarBps: 0, maxOrderNotional: 1e15, referencePrice: 100_000 }],
    },
    queueCapacity: 10_000,
    journal: { directory: join(directory, "journal"), groupCommitMicroseconds: 1_000, segmentMiB: 64 },
    snapshot: { directory: join(directory, "snapshots"), intervalSeconds: 3_600, keep: 1 },
    threads: pinned ? { matching: 0, journal: 1, spin: true } : { spin: true },
    role: "active",
    onEvents: () => {},
  });
  try {
    if (pinned) moveOthersAway(engine);
    const generator = new OrderGenerator(engine);
    await generator.run(WARM_UP_ORDERS);
    engine.drainMatchLatency(() => {});
    generator.reset();
    await generator.run(MEASURED_ORDERS);
    const latencies = new Durations();
    engine.drainMatchLatency((durationNs, times) => latencies.add(durationNs, times));
    return {
      orders: MEASURED_ORDERS,
      refused: generator.refused,
      p50Ns: latencies.quantile(0.5),
      p99Ns: latencies.quantile(0.99),
      p999Ns: latencies.quantile(0.999),
      generatorP99Ns: generator.lateness.quantile(0.99),
    };
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Everything of this process but the matching thread goes to the second CPU. */
function moveOthersAway(engine: Engine): void {
  const matching = engine.status().placement.find(({ thread }) => thread === "matching");
  if (!matching || matching.problem) throw new Error(`the matching thread is not pinned: ${matching?.problem}`);
  for (const task of readdirSync("/proc/self/task").filter((id) => Number(id) !== matching.threadId)) {
    programOutputSync("taskset", ["-p", "-c", "1", task]);
  }
}

/**
 * Submits orders at fixed times, whatever became of the earlier ones, so that a stall delays all that come during it.
 */
class OrderGenerator {
  readonly lateness = new Durations();
  refused = 0;
  private next = 1;
  private readonly records = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);

  constructor(private readonly engine: Engine) {}

  reset(): void {
    this.refused = 0;
    this.lateness.clear();
  }

  async run(orders: number): Promise<void> {
    const pauseNs = NS_PER_SECOND / ORDERS_PER_SECOND;
    const startedNs = performance.now() * 1e6;
    for (let index = 0; index < orders; index++) {
      const dueNs = startedNs + index * pauseNs;
      let nowNs = performance.now() * 1e6;
      while (nowNs < dueNs) nowNs = performance.now() * 1e6;
      this.lateness.add(nowNs - dueNs, 1);
      this.submit();
      // The opening thread also reads events; it has to come to its event loop for that.
      if (index % 100 === 0) await new Promise(setImmediate);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** Buyers and sellers take turns at the same price, so that the book stays small. */
  private submit(): void {
    const id = this.next++;
    this.encoder.newOrder(0, {
      timeMicroseconds: Date.now() * 1_000,
      correlationLow: id,
      symbol: 0,
      account: id % 64,
      clientOrderId: { low: id },
      side: id % 2 ? Side.Buy : Side.Sell,
      price: 100_000,
      quantity: 10,
    });
    if (this.engine.submit(this.records, 0) !== Submission.Taken) this.refused += 1;
  }
}

/** Durations with how often they occurred. */
class Durations {
  private readonly counts = new Map<number, number>();

  add(durationNs: number, times: number): void {
    this.counts.set(durationNs, (this.counts.get(durationNs) ?? 0) + times);
  }

  clear(): void {
    this.counts.clear();
  }

  quantile(share: number): number {
    const sorted = [...this.counts].sort(([a], [b]) => a - b);
    let left = sorted.reduce((sum, [, times]) => sum + times, 0) * share;
    for (const [durationNs, times] of sorted) {
      left -= times;
      if (left <= 0) return Math.round(durationNs);
    }
    return 0;
  }
}

measure(process.argv[2] === "pinned").then(
  (measurement) => console.log(JSON.stringify(measurement)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
