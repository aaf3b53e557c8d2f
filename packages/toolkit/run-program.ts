import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { assertSuccess, notInTime, notStarted, type ProgramOptions, type ProgramResult, statusOf } from "./program";

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

export interface RunOptions extends ProgramOptions {
  /** Told of each line while the program runs. */
  readonly onLine?: (line: string) => void;
  /** Ends the program when it aborts; its result is then what the program makes of that. */
  readonly signal?: AbortSignal;
  /** Signals that end it, in this order. @default an interrupt, and after ten seconds the end */
  readonly ending?: readonly { readonly signal: NodeJS.Signals; readonly afterMs: number }[];
  /** Of each stream only so much is kept, its end. @default everything */
  readonly keptCharacters?: number;
  /** Called with what starts it, by whoever has to know of the program from its first moment on. */
  readonly register?: (start: () => Child) => Child;
}

/** Terraform needs some seconds to write its state and to give back its lock. */
const ENDING = [
  { signal: "SIGINT", afterMs: 0 },
  { signal: "SIGKILL", afterMs: 10_000 },
] as const;
/** What an ended program has started itself may hold on to its output. */
const LAST_OUTPUT_MS = 1_000;

/**
 * Runs a program to its end while this process goes on.
 * @throws ProgramFailed when it cannot be started or does not end in time
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  const { cwd, env, uid, gid, input, timeoutMs, signal, register = (start: () => Child) => start() } = options;
  const child = register(() =>
    input === undefined
      ? spawn(program, args, { cwd, env, uid, gid, stdio: ["ignore", "pipe", "pipe"] })
      : spawn(program, args, { cwd, env, uid, gid, stdio: ["pipe", "pipe", "pipe"] }),
  );
  // One that ends without reading everything is no fault of ours.
  child.stdin?.on("error", () => {}).end(input);
  const output = outputOf(child, options);
  const ending = new Ending(child, options.ending ?? ENDING);
  let isLate = false;
  const giveUp = () => {
    isLate = true;
    ending.begin();
  };
  const late = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
  const abort = () => ending.begin();
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once("error", (error) => reject(notStarted(program, args, options, error)));
      child.once("close", (code, by) => resolve(statusOf(code, by)));
    });
    const result = { status, ...output };
    if (isLate) throw notInTime(program, args, timeoutMs, result);
    return result;
  } finally {
    clearTimeout(late);
    ending.stop();
    signal?.removeEventListener("abort", abort);
  }
}

/** What a program says on its standard output. @throws ProgramFailed also when its status is not 0 */
export async function programOutput(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return assertSuccess(program, args, await runProgram(program, args, options)).stdout;
}

function outputOf(child: Child, { onLine, keptCharacters = Number.POSITIVE_INFINITY }: RunOptions) {
  const output = { stdout: "", stderr: "", output: "" };
  const keep = (name: keyof typeof output, chunk: string) => {
    const text = output[name] + chunk;
    output[name] = text.length > keptCharacters ? text.slice(-keptCharacters) : text;
  };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      keep(name, chunk);
      keep("output", chunk);
    });
    if (onLine) createInterface({ input: child[name], crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
  }
  return output;
}

/** The way by which a program is ended. */
class Ending {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly child: Child,
    private readonly steps: NonNullable<RunOptions["ending"]>,
  ) {}

  begin(): void {
    if (this.timers.length > 0) return;
    for (const { signal, afterMs } of this.steps) this.later(afterMs, () => this.child.kill(signal));
    const hasEnded = this.child.exitCode !== null || this.child.signalCode !== null;
    if (hasEnded) this.later(LAST_OUTPUT_MS, () => this.letGo());
    else this.child.once("exit", () => this.later(LAST_OUTPUT_MS, () => this.letGo()));
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private later(afterMs: number, step: () => void): void {
    this.timers.push(setTimeout(step, afterMs));
  }

  private letGo(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }
}
