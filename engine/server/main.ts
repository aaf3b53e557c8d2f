import { openEngine } from "..";
import { ConfigurationError, loadConfiguration, ORDINAL_VARIABLE } from "../configuration";
import { cpuAt, pinThisProcess } from "../threads/pinning";
import { createLog } from "./log";
import { Service } from "./service";

/** Without a configuration file: a machine of one's own, with a live book and a screen that may trade. */
const BARE_MACHINE = { marketData: "mock", http: { jwt: { developmentTokens: true } } };

async function main(): Promise<void> {
  const configuration = loadConfiguration(process.env, BARE_MACHINE);
  const log = createLog(configuration);
  const problem = pinThisProcess(cpuAt(configuration.threads.gateway));
  if (problem) log.warn({ component: "core" }, `the gateway is not pinned: ${problem}`);
  const ordinal = Number(process.env[ORDINAL_VARIABLE] ?? 0);
  const service = await Service.start({ configuration, ordinal, log, openEngine });
  const end = (signal: NodeJS.Signals) => {
    log.info({ signal }, "draining");
    service.stop().then(
      () => {
        log.info({}, "ended");
        process.exit(0);
      },
      (error: Error) => {
        log.error({ error: error.stack }, "did not end in order");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  if (process.stdout.isTTY)
    process.stdout.write(`\n  Trading screen  ${service.url}/\n  API             ${service.url}/docs\n\n`);
}

main().catch((error: Error) => {
  // A wrong configuration names its fields; anything else shows where it came from.
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : error.stack}\n`);
  process.exit(1);
});
