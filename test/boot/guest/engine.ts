import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { CpuList, type ThreadCores } from "../../../constructs/low-latency/partition";
import { BENCH_CAPACITY, generateFlow, MIXES } from "../../../engine/bench/flow";
import { Core } from "../../../engine/matching/core";
import { EVENT_WORDS } from "../../../engine/protocol/event";
import { RecordBuffer } from "../../../engine/protocol/record-buffer";

/** The engine's matching core on its hot thread, with the thread layout that the platform gives to it. */
const RING_EVENTS = 65_536;
const OPERATIONS = 100_000;

function startThreads(threads: ThreadCores): void {
  const cpus = allowedCpus();
  pin(`-a`, cpus[threads.gateway]!, process.pid);
  const worker = new Worker(__filename, { workerData: { cpu: cpus[threads.matching] } });
  worker.once("message", () => console.log("ready"));
}

function matchForEver(cpu: number): void {
  pin("", cpu, Number(basename(readlinkSync("/proc/thread-self"))));
  const { commands } = generateFlow(MIXES[0]!, OPERATIONS, 1);
  const ring = { records: RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS), awaitSpace: (written: number) => written };
  parentPort!.postMessage("warm");
  for (;;) {
    const core = new Core(BENCH_CAPACITY, ring);
    for (let index = 0; index < OPERATIONS; index++) core.apply(commands, commands.offsetOf(index));
  }
}

function pin(option: string, cpu: number, taskId: number): void {
  execFileSync("taskset", [option, "-c", "-p", `${cpu}`, `${taskId}`].filter(Boolean));
}

function allowedCpus(): readonly number[] {
  const [, list] = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync("/proc/self/status", "utf8"))!;
  return CpuList.tryParse(list!)!.cpus;
}

if (isMainThread) startThreads(JSON.parse(process.argv[2]!));
else matchForEver(workerData.cpu);
