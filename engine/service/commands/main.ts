import { ConfigurationError, loadConfiguration, ORDINAL_VARIABLE } from "../../configuration";
import { DirectoryError } from "../../data-directory/ownership";
import { RecoveryError } from "../../journal/recovery-error";
import { createLog } from "../../telemetry/log";
import type { Role } from "../../threads/engine";
import { openEngine } from "../../threads/open-engine";
import { cpuAt, pinThisProcess } from "../../threads/pinning";
import { ThreadFault } from "../../threads/start-thread";
import { Service } from "../service";

/** Without a configuration file: a machine of one's own, with a live book and a screen that may trade. */
const BARE_MACHINE = { marketData: "mock", http: { jwt: { developmentTokens: true } } };

async function main(): Promise<void> {
  const configuration = loadConfiguration(process.env, BARE_MACHINE);
  const log = createLog(configuration);
  const problem = pinThisProcess(cpuAt(configuration.threads.gateway));
  if (problem) log.warn({ component: "core" }, `the gateway is not pinned: ${problem}`);
  const ordinal = Number(process.env[ORDINAL_VARIABLE] ?? 0);
  let service: Service | undefined;
  const end = (why: NodeJS.Signals | Role, exitCode: number) => {
    log.info({ why }, "draining");
    Promise.resolve(service?.stop()).then(
      () => {
        log.info({}, "ended");
        process.exit(exitCode);
      },
      (error: Error) => {
        log.error({ error: error.stack }, "did not shut down cleanly");
        process.exit(1);
      },
    );
  };
  // Whoever started the process starts it again: a fenced engine comes back as the standby of the new active one.
  const onUnusable = (role: Role) => end(role, 1);
  service = await Service.start({ configuration, ordinal, log, openEngine, onUnusable });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end(signal, 0));
  if (process.stdout.isTTY)
    process.stdout.write(`\n  Trading screen  ${service.url}/\n  API             ${service.url}/docs\n\n`);
}

/** These say what is wrong and what to do; of anything else the place is wanted. */
const EXPLAIN_THEMSELVES = [ConfigurationError, DirectoryError, RecoveryError, ThreadFault];
const explainsItself = (error: Error): boolean => EXPLAIN_THEMSELVES.some((kind) => error instanceof kind);

main().catch((error: Error) => {
  process.stderr.write(`${explainsItself(error) ? error.message : error.stack}\n`);
  process.exit(1);
});
