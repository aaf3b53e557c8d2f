import { existsSync } from "node:fs";
import { constants } from "node:os";

/** How a program is run to its end. */
export interface ProgramOptions {
  readonly cwd?: string;
  /** @default the variables of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Whose rights it has. @default those of this process */
  readonly uid?: number;
  readonly gid?: number;
  /** What it reads from its standard input. @default nothing */
  readonly input?: string | Uint8Array;
  /** What it may take at most. @default as long as it likes */
  readonly timeoutMs?: number;
}

/** How a program ended. */
export interface ProgramResult {
  /** As a shell has it: of a program that was ended by a signal it is 128 more than the signal's number. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came; one behind the other where this process stood still meanwhile. */
  readonly output: string;
}

/** Of a long command line, a script behind `-e` above all, only its beginning is told. */
const COMMAND_CHARACTERS = 160;
const LAST_LINES = 20;
const LAST_CHARACTERS = 4_000;

/** A program that could not be started, did not end in time, or ended with another status than 0. */
export class ProgramFailed extends Error {
  constructor(
    program: string,
    args: readonly string[],
    fault: string,
    /** Missing where it was never started. */
    readonly result?: ProgramResult,
  ) {
    super(`${commandLine(program, args)} ${fault}${lastWords(result)}`);
    this.name = "ProgramFailed";
  }
}

/** @throws ProgramFailed when the status is not 0 */
export function assertSuccess(program: string, args: readonly string[], result: ProgramResult): ProgramResult {
  if (result.status !== 0) throw new ProgramFailed(program, args, `ended with ${result.status}`, result);
  return result;
}

/** Node says ENOENT of a program and of a folder alike. */
export function notStarted(
  program: string,
  args: readonly string[],
  { cwd }: ProgramOptions,
  error: NodeJS.ErrnoException,
): ProgramFailed {
  const why =
    error.code !== "ENOENT"
      ? error.message
      : cwd !== undefined && !existsSync(cwd)
        ? `there is no folder ${cwd}`
        : `${program} is not installed or not on the PATH`;
  return new ProgramFailed(program, args, `cannot be started: ${why}`);
}

export function notInTime(
  program: string,
  args: readonly string[],
  timeoutMs: number | undefined,
  result: ProgramResult,
): ProgramFailed {
  return new ProgramFailed(program, args, `did not end within ${timeoutMs} ms`, result);
}

export function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function commandLine(program: string, args: readonly string[]): string {
  const line = [program, ...args].join(" ");
  return line.length <= COMMAND_CHARACTERS ? line : `${line.slice(0, COMMAND_CHARACTERS)}…`;
}

function lastWords(result: ProgramResult | undefined): string {
  const text = result && (result.stderr.trim() || result.stdout.trim());
  return text ? `:\n${text.slice(-LAST_CHARACTERS).split("\n").slice(-LAST_LINES).join("\n")}` : "";
}
