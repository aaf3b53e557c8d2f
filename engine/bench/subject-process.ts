import { PerformanceObserver, performance } from "node:perf_hooks";
import { inlineHotPath } from "../threads/compiler-flags";
import { generateFlow, MIXES } from "./flow";
import { measureClosedLoop, type Quantiles } from "./latency";
import { makeSubject, type Subject, type SubjectName } from "./subjects";

/** One measurement, in a process of its own: a warm-up on another flow, then the mix's flow, timed as a whole. */
export interface Measurement {
  readonly subject: SubjectName;
  readonly mix: string;
  readonly operations: number;
  readonly opsPerSecond: number;
  /** By the time that the process really had a CPU: what counts on a machine that others use too. */
  readonly opsPerCpuSecond: number;
  /** By the fastest tenth of batches: what it does while nobody interrupts it or shares its core. */
  readonly undisturbedOpsPerSecond: number;
  readonly collections: number;
  readonly closedLoop: Quantiles;
}

const WARM_UP = 300_000;
const BATCH = 1_000;

async function measure(name: SubjectName, mixName: string, operations: number): Promise<Measurement> {
  const mix = MIXES.find((each) => each.name === mixName)!;
  // Two warm-ups: the second one runs code that was optimised with what the first one has taught.
  for (const seed of [1, 2]) {
    const warm = generateFlow(mix, Math.min(WARM_UP, operations), seed);
    (await makeSubject(name, warm)).run(0, warm.commands.capacity);
  }
  const flow = generateFlow(mix, operations, 7);
  const subject = await makeSubject(name, flow);
  subject.run(0, flow.preparation);
  globalThis.gc?.();
  const collections = new CollectionCount();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const batches = runInBatches(subject, flow.preparation, flow.commands.capacity);
  const end = performance.now();
  const used = process.cpuUsage(cpu);
  const counted = await collections.between(begin, end);
  const latency = await makeSubject(name, flow);
  latency.run(0, flow.preparation);
  const closedLoop = measureClosedLoop(latency, flow.preparation, flow.commands.capacity);
  const opsPerSecond = (operations / (end - begin)) * 1_000;
  const opsPerCpuSecond = (operations / (used.user + used.system)) * 1e6;
  const undisturbedOpsPerSecond = (BATCH / batches.sort()[Math.floor(batches.length / 10)]) * 1_000;
  return {
    subject: name,
    mix: mixName,
    operations,
    opsPerSecond,
    opsPerCpuSecond,
    undisturbedOpsPerSecond,
    collections: counted,
    closedLoop,
  };
}

/** Runs everything, and says how many milliseconds each batch took. */
function runInBatches(subject: Subject, from: number, to: number): Float64Array {
  const batches = new Float64Array(Math.floor((to - from) / BATCH));
  for (let batch = 0; batch < batches.length; batch += 1) {
    const begin = performance.now();
    subject.run(from + batch * BATCH, from + (batch + 1) * BATCH);
    batches[batch] = performance.now() - begin;
  }
  return batches;
}

class CollectionCount {
  private readonly starts: number[] = [];
  private readonly observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) this.starts.push(entry.startTime);
  });

  constructor() {
    this.observer.observe({ entryTypes: ["gc"] });
  }

  /** Entries come with the event loop, so after the measured part. */
  async between(begin: number, end: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.observer.disconnect();
    return this.starts.filter((start) => start >= begin && start <= end).length;
  }
}

inlineHotPath();
const [name, mix, operations] = process.argv.slice(2);
measure(name as SubjectName, mix, Number(operations)).then((measurement) => {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
});
