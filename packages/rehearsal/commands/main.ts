import { program } from "./program";

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
