import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import {
  type ProgramOptions,
  type ProgramResult,
  programOutputSync,
  type RunOptions,
  runProgram,
  runProgramSync,
} from "@hft/toolkit";
import { type Suite, suiteThatNeeds } from "./needs";

/** Where `install.sh` keeps what it makes itself, and what is no program. */
export const TOOL_CACHE = process.env.HFT_TEST_TOOLS ?? join(homedir(), ".cache/hft-platform");

/** Built by `install.sh`: Debian's is older than what the gateway needs. */
export const NGINX_FOLDER = join(TOOL_CACHE, "nginx-1.28.3");

/** Before PATH, because a distribution's own version may stand there. */
const BUILT = [join(NGINX_FOLDER, "sbin")];
/** Folders beside PATH where `install.sh` and Debian put the tools. */
const FOLDERS = [join(homedir(), "go/bin"), "/usr/sbin", "/usr/lib/postgresql/15/bin"];

/** Absolute path of a program, or undefined when it is not installed. */
export function findTool(name: string): string | undefined {
  return [...BUILT, ...(process.env.PATH ?? "").split(delimiter), ...FOLDERS]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** `describe` for a suite that needs real programs: `requires("nginx", "openssl")("the gateway", () => { … })`. */
export function requires(...programs: readonly string[]): Suite {
  const missing = programs.filter((name) => !findTool(name)).join(", ");
  return suiteThatNeeds(missing ? `${missing} not installed; run .ci/install-tools` : undefined);
}

/** Runs a tool to its end. @throws ProgramFailed when it cannot be started */
export function runTool(name: string, args: readonly string[], options?: ProgramOptions): ProgramResult {
  return runProgramSync(findTool(name) ?? name, args, options);
}

/** What a tool says on its standard output. @throws ProgramFailed with its last words when its status is not 0 */
export function toolOutput(name: string, args: readonly string[], options?: ProgramOptions): string {
  return programOutputSync(findTool(name) ?? name, args, options);
}

/** Runs a tool while this process goes on, because it talks with the tool. */
export function runToolBeside(name: string, args: readonly string[], options?: RunOptions): Promise<ProgramResult> {
  return runProgram(findTool(name) ?? name, args, options);
}
