import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Container } from "./container";
import { hugepages, kernelFacts, timerTicks } from "./kernel-facts";
import type { GuestReport } from "./report";
import { TaskWatch } from "./tasks";

const SAMPLES = 30;
const SAMPLE_PAUSE_MS = 100;

/** Reads what the kernel became, starts the engine as its pod would, and watches where every task runs. */
async function observe(): Promise<GuestReport> {
  const facts = kernelFacts();
  const before = hugepages();
  const container = new Container(JSON.parse(readFileSync("/container.json", "utf8")));
  await container.ready;
  const watch = new TaskWatch();
  const ticksBefore = timerTicks();
  const startedMs = performance.now();
  for (let sample = 0; sample < SAMPLES; sample++) {
    watch.look();
    await sleep(SAMPLE_PAUSE_MS);
  }
  const ticks = timerTicks().map((count, cpu) => count - ticksBefore[cpu]!);
  return {
    ...facts,
    hugepages: { total: before.total, freeBefore: before.free, freeDuring: hugepages().free },
    engine: container.report(watch.reports),
    others: watch.reports.filter((task) => !container.has(task)),
    timerTicks: ticks,
    watchedMs: Math.round(performance.now() - startedMs),
  };
}

observe().then(
  (report) => finish({ report }),
  (error: Error) => finish({ error: error.message }),
);

function finish(result: object): void {
  writeFileSync(process.argv[2]!, `${JSON.stringify(result)}\n`);
  process.exit(0);
}
