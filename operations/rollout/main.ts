import pc from "picocolors";
import { program } from "./program";
import { ReleaseStopped } from "./release";

program.parseAsync().catch((error: Error) => {
  console.error(pc.red(error instanceof ReleaseStopped ? error.message : `${error.message}; nothing was changed`));
  process.exitCode = 1;
});
