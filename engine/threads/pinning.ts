import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Where a thread is allowed to run, and why it is not where it should be. */
export interface Placement {
  readonly threadId: number;
  readonly cpus: string;
  readonly problem?: string;
}

/**
 * Pins the calling thread to one CPU. Node has no call for it, so `taskset` does it by thread id. On isolated CPUs
 * the kernel moves no thread by itself: without this, all threads of a process would share one core. When it cannot
 * be done, the thread runs where the kernel puts it and the placement says why.
 */
export function pinThisThread(cpu: number | undefined): Placement {
  const threadId = currentThreadId();
  if (cpu === undefined) return { threadId, cpus: allowedCpus() };
  if (threadId === 0) return { threadId, cpus: "", problem: "the kernel shows no /proc/thread-self" };
  try {
    execFileSync("taskset", ["-p", "-c", String(cpu), String(threadId)], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    return { threadId, cpus: allowedCpus(), problem: `taskset to CPU ${cpu}: ${reasonOf(error)}` };
  }
  return { threadId, cpus: allowedCpus() };
}

/**
 * Moves every thread that this process has to one CPU, and with them all that they start later: the gateway, V8's and
 * libuv's own threads. The threads of the engine pin themselves afterwards, so the matching thread stays alone on its
 * CPU. Returns why it could not be done.
 */
export function pinThisProcess(cpu: number | undefined): string | undefined {
  if (cpu === undefined) return undefined;
  try {
    const pid = readlinkSync("/proc/self");
    execFileSync("taskset", ["-a", "-p", "-c", String(cpu), pid], { stdio: ["ignore", "ignore", "pipe"] });
    return undefined;
  } catch (error) {
    return `taskset of the process to CPU ${cpu}: ${reasonOf(error)}`;
  }
}

/** "5242/task/5250" for the thread 5250. */
function currentThreadId(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

/** CPUs of the calling thread in the kernel's notation, e.g. "2-3". */
export function allowedCpus(path = "/proc/thread-self/status"): string {
  try {
    return /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}

/** "0-2,5" as numbers. */
export function parseCpuList(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    return part === "" ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** What the process was given, read before any of its threads is pinned. */
const PROCESS_CPUS = parseCpuList(allowedCpus("/proc/self/status"));

/** The CPU that is meant by its place among those that the process may use; undefined when it has not so many. */
export const cpuAt = (place: number | undefined, allowed: readonly number[] = PROCESS_CPUS) =>
  place === undefined ? undefined : allowed[place];

function reasonOf(error: unknown): string {
  const { code, stderr } = error as { code?: string; stderr?: Buffer };
  if (code === "ENOENT") return "not installed";
  return stderr?.toString().trim() || String(error);
}
