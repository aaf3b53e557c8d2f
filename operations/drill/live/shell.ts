import { spawn } from "node:child_process";
import type { Command } from "./command";
import type { CommandOutcome } from "./conditions";

/** Output beyond this is cut: a plan of everything is large, and only its end is shown. */
const KEPT_CHARACTERS = 4_000_000;

export type Shell = (command: Command, signal?: AbortSignal) => Promise<CommandOutcome & { readonly stderr: string }>;

/** Runs a command of its own right, without a shell in between. An aborted one is asked to end, as Ctrl-C would. */
export const runCommand: Shell = ({ argv }, signal) =>
  new Promise((resolve) => {
    const [program = "", ...rest] = argv;
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      output.stdout = (output.stdout + chunk.toString()).slice(-KEPT_CHARACTERS);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output.stderr = (output.stderr + chunk.toString()).slice(-KEPT_CHARACTERS);
    });
    const interrupt = () => child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt, { once: true });
    const end = (exitCode: number, stderr = output.stderr) => {
      signal?.removeEventListener("abort", interrupt);
      resolve({ exitCode, stdout: output.stdout, stderr });
    };
    child.once("error", (error) => end(127, `${program}: ${error.message}; is it installed and on the PATH?`));
    child.once("close", (code) => end(code ?? 130));
  });
