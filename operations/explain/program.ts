import { Command } from "commander";

/** What `npm run explain` understands. */
export const program = new Command("explain")
  .description("prints the low-latency lane of an environment: the owner of each CPU, and the settings that assign it")
  .argument("<environment>", "such as production")
  .option("--json", "print the picture as JSON");
