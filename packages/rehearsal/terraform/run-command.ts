import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface CommandOptions {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  /** What it wrote to both streams, in the order in which it came. */
  readonly output: string;
  readonly stdout: string;
}

/**
 * A command gets this long to end by itself (Terraform writes its state and gives back its lock) before it is killed.
 */
const GRACE_MS = 10_000;

/** Runs a command to its end, without blocking: the simulated providers answer in this very process. */
export function runCommand(
  program: string,
  parameters: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { directory, environment, onLine, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd: directory, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const output: string[] = [];
    const stdout: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
        output.push(line);
        if (stream === child.stdout) stdout.push(line);
        onLine?.(line);
      });
    }
    let killer: NodeJS.Timeout | undefined;
    const abort = () => {
      child.kill("SIGINT");
      killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new Error(`${program} is not installed or not on PATH`) : error);
    });
    child.once("close", (code) => {
      clearTimeout(killer);
      signal?.removeEventListener("abort", abort);
      resolve({ exitCode: code ?? 1, output: output.join("\n"), stdout: stdout.join("\n") });
    });
  });
}
