import { ReviewError } from "../errors";
import { program } from "./program";

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ReviewError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
