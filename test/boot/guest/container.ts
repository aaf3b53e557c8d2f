import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { read } from "./kernel-facts";
import type { EngineReport, HugeMapping, TaskReport } from "./report";

/** How the engine's container is started: what its pod's manifest and the kubelet would do. */
export interface ContainerStart {
  /** CPUs that the kubelet's static policy gives to it. */
  readonly cpus: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const GROUPS = "/sys/fs/cgroup";
const GROUP = `${GROUPS}/engine`;
/** The engine's log says so when its threads are placed and it takes orders. */
const READY = '"msg":"trading"';

/** A container as far as CPUs are concerned: a process tree in a cgroup with CPUs of its own. */
export class Container {
  readonly ready: Promise<void>;
  private readonly log: string[] = [];

  constructor({ cpus, command, environment }: ContainerStart) {
    writeFileSync(`${GROUPS}/cgroup.subtree_control`, "+cpuset");
    mkdirSync(GROUP);
    writeFileSync(`${GROUP}/cpuset.cpus`, cpus);
    // As a container runtime does: enter the group first, become the program then.
    const shell = ["sh", "-c", `echo $$ > ${GROUP}/cgroup.procs; exec "$0" "$@"`, ...command];
    const child = spawn("/bin/busybox", shell, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ready = new Promise((resolve, reject) => {
      const listen = (chunk: Buffer) => {
        this.log.push(...chunk.toString().split("\n").filter(Boolean));
        if (this.log.some((line) => line.includes(READY))) resolve();
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.on("exit", (code) =>
        reject(new Error(`the engine ended with ${code}:\n${this.log.slice(-30).join("\n")}`)),
      );
    });
  }

  has({ pid }: TaskReport): boolean {
    return this.processIds().includes(pid);
  }

  report(tasks: readonly TaskReport[]): EngineReport {
    const processes = this.processIds();
    return {
      commandLines: processes.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean)),
      tasks: tasks.filter((task) => this.has(task)),
      hugeMappings: processes.flatMap(hugeMappings),
      log: this.log.slice(-20),
    };
  }

  private processIds(): number[] {
    return read(`${GROUP}/cgroup.procs`).split("\n").map(Number);
  }
}

/** Each mapping begins with its addresses; those of hugetlbfs say that the kernel maps them by pages of 2 MiB. */
function hugeMappings(pid: number): HugeMapping[] {
  const mappings = readFileSync(`/proc/${pid}/smaps`, "utf8").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const field = (mapping: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(mapping)?.[1] ?? 0);
  return mappings
    .filter((mapping) => field(mapping, "KernelPageSize") === HUGEPAGE_KIB)
    .map((mapping) => ({
      sizeKiB: field(mapping, "Size"),
      touchedKiB: field(mapping, "Private_Hugetlb") + field(mapping, "Shared_Hugetlb"),
    }));
}

const HUGEPAGE_KIB = 2_048;
