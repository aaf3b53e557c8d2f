import { ProgramFailed, runProgram } from "@hft/toolkit";
import type { Command } from "./command";
import type { CommandOutcome } from "./conditions";

/** Output beyond this is cut: a plan of everything is large, and only its end is shown. */
const KEPT_CHARACTERS = 4_000_000;
/** What a shell says of a program that is not there. */
const NOT_STARTED = 127;

export type Shell = (command: Command, signal?: AbortSignal) => Promise<CommandOutcome & { readonly stderr: string }>;

/** Runs a command of its own right, without a shell in between. An aborted one is asked to end, as Ctrl-C would. */
export const runCommand: Shell = async ({ argv }, signal) => {
  const [program = "", ...args] = argv;
  try {
    const { status, stdout, stderr } = await runProgram(program, args, {
      signal,
      keptCharacters: KEPT_CHARACTERS,
      // Never killed: it may be in the middle of a change.
      ending: [{ signal: "SIGINT", afterMs: 0 }],
    });
    return { exitCode: status, stdout, stderr };
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    return { exitCode: NOT_STARTED, stdout: "", stderr: error.message };
  }
};
