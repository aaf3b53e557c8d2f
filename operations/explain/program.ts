import { Command } from "commander";

/** What `npm run explain` understands. */
export const program = new Command("explain")
  .description("draws the low-latency lane of an environment: who owns each CPU, and which setting says so")
  .argument("<environment>", "such as production")
  .option("--json", "print the picture as JSON");
