import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMAND_WORDS, Side, TimeInForce } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { RecordBuffer } from "../protocol/record-buffer";
import { LatencyBuckets } from "../shared-memory/latency-buckets";
import { type Engine, Submission } from "./engine";
import { parseKernelCpus, THREAD_CORES_VARIABLE } from "./kernel-cpus";
import { openEngine } from "./open-engine";

/**
 * Runs the engine under load for some seconds and tells where its threads ran and what its memory lies on:
 *
 *   ENGINE_THREAD_CORES=matching=2,journal=1 GLIBC_TUNABLES=glibc.malloc.hugetlb=1 node lane-process.js 2
 *
 * One JSON line. Without the variable, `taskset` or huge pages it runs all the same and says what is missing.
 */
const BATCH = 50;
const BATCH_INTERVAL_MS = 1;
const FIELDS = ["AnonHugePages", "Shared_Hugetlb", "Private_Hugetlb", "ShmemPmdMapped"];

async function main(seconds: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "engine-lane-"));
  const notices: string[] = [];
  try {
    const engine = await openEngine({
      capacity: { symbols: 1, accounts: 64, openOrders: 262_144, levelPages: 4_096, rememberedOrderIds: 65_536 },
      limits: {
        ordersPerSecond: 0,
        ordersPerSecondPerAccount: 0,
        maxPositionLots: 100_000_000,
        symbols: [{ maxOrderLots: 1_000, priceCollarBps: 0, maxOrderNotional: 1e15 }],
      },
      queueCapacity: 100_000,
      journal: { directory: join(directory, "journal"), groupCommitMicroseconds: 1_000, segmentMiB: 64 },
      snapshot: { directory: join(directory, "snapshots"), intervalSeconds: 3_600, keep: 1 },
      threads: { ...parseKernelCpus(process.env[THREAD_CORES_VARIABLE]), spin: true, numbering: "kernel" },
      role: "active",
      onEvents: () => {},
      onNotice: ({ message }) => notices.push(message),
    });
    const latency = new LatencyBuckets();
    const refused = await load(engine, seconds);
    engine.drainMatchLatency((durationNs, times) => {
      for (let time = 0; time < times; time += 1) latency.record(durationNs);
    });
    process.stdout.write(`${JSON.stringify({ ...describe(engine, latency), refused, notices })}\n`);
    await engine.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function describe(engine: Engine, latency: LatencyBuckets) {
  return {
    threads: engine.status().placement.map((each) => ({ ...each, lastCpu: lastCpuOf(each.threadId) })),
    isolated: read("/sys/devices/system/cpu/isolated")?.trim() ?? "",
    hugepageBytes: hugepageBytes(),
    commands: engine.status().sequence,
    matchLatencyNs: { p50: latency.quantileNs(0.5), p99: latency.quantileNs(0.99), p999: latency.quantileNs(0.999) },
  };
}

/** Orders that trade at once, so that the book stays small however long it runs. Returns how many were refused. */
async function load(engine: Engine, seconds: number): Promise<number> {
  const records = RecordBuffer.allocate(1, COMMAND_WORDS);
  const encoder = new CommandEncoder(records);
  const end = Date.now() + seconds * 1_000;
  let id = 0;
  let refused = 0;
  while (Date.now() < end) {
    for (let count = 0; count < BATCH; count += 1) {
      id += 1;
      const side = id % 2 === 0 ? Side.Buy : Side.Sell;
      const timeInForce = id % 2 === 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled;
      const common = { timeMicroseconds: Date.now() * 1_000, symbol: 0, account: id % 64, clientOrderId: { low: id } };
      encoder.newOrder(0, { ...common, side, timeInForce, price: 10_000, quantity: 10 });
      if (engine.submit(records, 0) !== Submission.Taken) refused += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, BATCH_INTERVAL_MS));
  }
  while (engine.status().queueDepth > 0) await new Promise((resolve) => setTimeout(resolve, BATCH_INTERVAL_MS));
  return refused;
}

/** CPU that a thread has run on last: field 39 of its stat. */
function lastCpuOf(threadId: number): number | undefined {
  const stat = read(`/proc/self/task/${threadId}/stat`);
  // The second field is a name in parentheses that may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? undefined : Number(fields[36]);
}

function hugepageBytes(): number {
  const text = read("/proc/self/smaps_rollup") ?? "";
  return (
    FIELDS.reduce((sum, field) => sum + Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0), 0) *
    1_024
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

main(Number(process.argv[2] ?? 2)).catch((error: Error) => {
  process.stderr.write(`lane: ${error.message}\n`);
  process.exitCode = 1;
});
