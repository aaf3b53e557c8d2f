import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hugepages, kernelFacts, timerTicks } from "./kernel-facts";
import type { EngineReport, GuestReport, TaskReport } from "./report";
import { TaskWatch } from "./tasks";

/** How the engine is started in the guest: what its pod's manifest and the kubelet would do. */
export interface EngineStart {
  /** CPUs that the kubelet's static policy would give to the container. */
  readonly cpus: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The engine writes this when its threads are placed and it takes orders. */
const READY_LINE = "ready";
const SAMPLES = 100;
const SAMPLE_PAUSE_MS = 50;
const CONTAINER_GROUP = "/sys/fs/cgroup/engine";

async function observe(): Promise<GuestReport> {
  const facts = kernelFacts();
  const before = hugepages();
  const engine = startEngine(JSON.parse(readFileSync("/engine-start.json", "utf8")));
  await engine.ready;
  const watch = new TaskWatch();
  const ticksBefore = timerTicks();
  const startedMs = performance.now();
  for (let sample = 0; sample < SAMPLES; sample++) {
    watch.look();
    await sleep(SAMPLE_PAUSE_MS);
  }
  const ticks = timerTicks().map((count, cpu) => count - ticksBefore[cpu]!);
  const during = hugepages();
  const { pid } = engine.process;
  return {
    ...facts,
    hugepages: { total: before.total, freeBefore: before.free, freeDuring: during.free },
    engine: engineReport(pid!, watch.reports, engine.log),
    others: watch.reports.filter((task) => task.pid !== pid),
    timerTicks: ticks,
    watchedMs: Math.round(performance.now() - startedMs),
  };
}

function startEngine({ cpus, command, environment }: EngineStart): {
  process: ChildProcess;
  ready: Promise<void>;
  log: string[];
} {
  writeFileSync("/sys/fs/cgroup/cgroup.subtree_control", "+cpuset");
  mkdirSync(CONTAINER_GROUP);
  writeFileSync(`${CONTAINER_GROUP}/cpuset.cpus`, cpus);
  // As a container runtime does: enter the container's group first, become its program then.
  const shell = ["sh", "-c", `echo $$ > ${CONTAINER_GROUP}/cgroup.procs; exec "$0" "$@"`, ...command];
  const child = spawn("/bin/busybox", shell, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      log.push(...chunk.toString().split("\n").filter(Boolean));
      if (log.some((line) => line.includes(READY_LINE))) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("exit", (code) => reject(new Error(`the engine ended with ${code}: ${log.slice(-5).join(" | ")}`)));
  });
  return { process: child, ready, log };
}

function engineReport(pid: number, tasks: readonly TaskReport[], log: readonly string[]): EngineReport {
  const sizes = [
    ...readFileSync(`/proc/${pid}/smaps`, "utf8").matchAll(/^(?:Private|Shared)_Hugetlb:\s+([1-9]\d*) kB/gm),
  ];
  const hugetlbMappingsKiB = sizes.map(([, size]) => Number(size));
  return {
    pid,
    commandLine: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean),
    tasks: tasks.filter((task) => task.pid === pid),
    hugetlbKiB: hugetlbMappingsKiB.reduce((sum, size) => sum + size, 0),
    hugetlbMappingsKiB,
    log: log.slice(-10),
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
