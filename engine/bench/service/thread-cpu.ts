import { readFileSync } from "node:fs";

/** Clock ticks a second in /proc, the same on every Linux. */
const TICKS_PER_SECOND = 100;

/** CPU time in seconds. */
export interface CpuTime {
  /** Of the thread that serves. */
  readonly main: number;
  /** Of all threads: matching, journal, collector of garbage and so on. */
  readonly process: number;
}

/**
 * CPU time that a process has used. Unlike requests per second it says much the same on a busy machine: time in which
 * others had the CPU is not in it.
 */
export const cpuTimeOf = (pid: number): CpuTime => ({
  main: secondsIn(`/proc/${pid}/task/${pid}/stat`),
  process: secondsIn(`/proc/${pid}/stat`),
});

function secondsIn(path: string): number {
  const stat = readFileSync(path, "utf8");
  // Fields after the name in parentheses, which may hold spaces: utime and stime are the 12th and 13th of them.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
