import { spawn } from "node:child_process";
import { startRehearsal } from "../start";
import { breakCalls, type FaultOptions } from "./call-option";
import { projectTree } from "./synthesize";

/** Runs any command inside the rehearsal, with this process's terminal. @returns its exit code */
export async function execute(
  [program, ...parameters]: readonly string[],
  options: FaultOptions & { readonly directory: string },
): Promise<number> {
  if (program === undefined) throw new Error("no command: write it after two dashes, as in exec -- terraform plan");
  const rehearsal = await startRehearsal({ directory: options.directory, trees: [projectTree()] });
  breakCalls(rehearsal, options);
  // The child is in the terminal's foreground too and gets the interrupt itself; this process waits for it.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(program, parameters, { env: rehearsal.environmentVariables(), stdio: "inherit" });
      child.once("error", (error) => reject(new Error(`${program} cannot be started: ${error.message}`)));
      child.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    process.off("SIGINT", ignore);
    await rehearsal.stop();
  }
}
