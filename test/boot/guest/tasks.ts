import { readdirSync } from "node:fs";
import { processIds, read } from "./kernel-facts";
import type { TaskReport } from "./report";

/** PF_KTHREAD of the kernel's sched.h: the task belongs to the kernel and has no user space. */
const KERNEL_THREAD_FLAG = 0x00200000;

/**
 * Fields of /proc/<pid>/task/<tid>/stat behind the name, counted as proc(5) does: flags is the 9th, processor the 39th.
 */
const FIRST_FIELD_BEHIND_NAME = 3;
const FLAGS_FIELD = 9;
const PROCESSOR_FIELD = 39;

interface Sighting {
  readonly pid: number;
  readonly taskId: number;
  readonly name: string;
  /** CPU on which it runs or ran last. */
  readonly processor: number;
  /** How often it was given a CPU since it exists. */
  readonly timeslices: number;
  readonly running: boolean;
}

/**
 * Counts where the tasks of user space run, by looking again and again. A task that slept since the last look ran
 * nowhere.
 */
export class TaskWatch {
  private readonly tasks = new Map<number, TaskReport>();
  private readonly timeslices = new Map<number, number>();

  look(): void {
    for (const { pid, taskId, name, processor, timeslices, running } of userTasks()) {
      const known = this.tasks.get(taskId);
      const ran = running || timeslices !== this.timeslices.get(taskId);
      const seenOn = { ...known?.seenOn };
      // The first look only says what was before it.
      if (known && ran) seenOn[processor] = (seenOn[processor] ?? 0) + 1;
      this.timeslices.set(taskId, timeslices);
      this.tasks.set(taskId, { pid, taskId, name, allowed: allowedCpus(pid, taskId) ?? known?.allowed ?? "", seenOn });
    }
  }

  get reports(): TaskReport[] {
    return [...this.tasks.values()];
  }
}

function userTasks(): Sighting[] {
  return processIds().flatMap((pid) => taskIds(pid).flatMap((taskId) => sighting(pid, taskId) ?? []));
}

function sighting(pid: number, taskId: number): Sighting | undefined {
  const folder = `/proc/${pid}/task/${taskId}`;
  const [stat, schedule] = [attempt(() => read(`${folder}/stat`)), attempt(() => read(`${folder}/schedstat`))];
  const [, name, rest] = /\((.*)\) (.*)/s.exec(stat ?? "") ?? [];
  if (name === undefined || rest === undefined || schedule === undefined) return undefined;
  const fields = rest.split(" ");
  const field = (number: number) => Number(fields[number - FIRST_FIELD_BEHIND_NAME]);
  if (field(FLAGS_FIELD) & KERNEL_THREAD_FLAG) return undefined;
  const timeslices = Number(schedule.split(" ")[2]);
  return { pid, taskId, name, processor: field(PROCESSOR_FIELD), timeslices, running: fields[0] === "R" };
}

function taskIds(pid: number): number[] {
  return (attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []).map(Number);
}

function allowedCpus(pid: number, taskId: number): string | undefined {
  const status = attempt(() => read(`/proc/${pid}/task/${taskId}/status`));
  return /^Cpus_allowed_list:\s*(.*)$/m.exec(status ?? "")?.[1];
}

/** A task may end between two reads. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
