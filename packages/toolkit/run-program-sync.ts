import { spawnSync } from "node:child_process";
import {
  assertSuccess,
  notInTime,
  notStarted,
  ProgramFailed,
  type ProgramOptions,
  type ProgramResult,
  statusOf,
} from "./program";

/** Node's own limit is one mebibyte, less than the history of a file may take. */
const OUTPUT_MAX_BYTES = 2 ** 28;

/**
 * Runs a program to its end; this process stands still meanwhile.
 * @throws ProgramFailed when it cannot be started or does not end in time
 */
export function runProgramSync(program: string, args: readonly string[], options: ProgramOptions = {}): ProgramResult {
  const { cwd, env, uid, gid, input, timeoutMs } = options;
  const { pid, status, signal, stdout, stderr, error } = spawnSync(program, args, {
    ...{ cwd, env, uid, gid, input, encoding: "utf8", maxBuffer: OUTPUT_MAX_BYTES },
    ...{ timeout: timeoutMs, killSignal: "SIGKILL" },
  });
  if (error && pid === 0) throw notStarted(program, args, options, error);
  const result = { status: statusOf(status, signal), stdout, stderr, output: stdout + stderr };
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ETIMEDOUT") throw notInTime(program, args, timeoutMs, result);
  // One that ends without reading everything is no fault of ours.
  if (error && code !== "EPIPE") throw new ProgramFailed(program, args, `was given up: ${error.message}`, result);
  return result;
}

/** What a program says on its standard output. @throws ProgramFailed also when its status is not 0 */
export function programOutputSync(program: string, args: readonly string[], options: ProgramOptions = {}): string {
  return assertSuccess(program, args, runProgramSync(program, args, options)).stdout;
}
