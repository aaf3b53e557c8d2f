import { PerformanceObserver, performance } from "node:perf_hooks";
import { inlineHotPath } from "../threads/compiler-flags";
import { mixNamed } from "./flow";
import { type Plan, readFlow } from "./flow-file";
import { measureClosedLoop, type Quantiles } from "./latency";
import { makeSubject, type Subject, type SubjectName } from "./subjects";
import { warmUp } from "./warm-up";

/** One measurement, in a process of its own with one book, as the matching thread has one. */
export interface Measurement {
  readonly subject: SubjectName;
  readonly mix: string;
  readonly operations: number;
  readonly opsPerSecond: number;
  /** By the fastest tenth of batches: what it does while nobody interrupts it or shares its core. */
  readonly undisturbedOpsPerSecond: number;
  readonly collections: number;
  readonly closedLoop: Quantiles;
}

const BATCH = 1_000;

async function measure(name: SubjectName, mix: string, file: string, plan: Plan): Promise<Measurement> {
  const flow = readFlow(file, mixNamed(mix), plan);
  const subject = await makeSubject(name, flow.commands);
  await warmUp(subject, flow);
  globalThis.gc?.();
  const collections = new CollectionCount();
  const begin = performance.now();
  const batches = runInBatches(subject, flow.throughput, flow.latency);
  const end = performance.now();
  const counted = await collections.between(begin, end);
  const closedLoop = measureClosedLoop(subject, flow.latency, flow.end);
  return {
    subject: name,
    mix,
    operations: plan.throughput,
    opsPerSecond: (plan.throughput / (end - begin)) * 1_000,
    undisturbedOpsPerSecond: (BATCH / batches.sort()[Math.floor(batches.length / 10)]!) * 1_000,
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

/** `subject-process <subject> <mix> <file> <plan>` */
inlineHotPath();
const [name, mix = "", file = "", plan = ""] = process.argv.slice(2);
measure(name as SubjectName, mix, file, JSON.parse(plan)).then((measurement) => {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
});
