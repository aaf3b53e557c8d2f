import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { ConfigurationError, type EngineConfiguration, loadConfiguration } from "../../configuration";
import { cpuAt, pinThisProcess } from "../../threads/pinning";

/** New objects live in semi-spaces of this size: short-lived ones die there, before they cost a longer collection. */
const SEMI_SPACE_MIB = 64;

/** V8 takes these on its command line only; NODE_OPTIONS refuses some of them. */
export function nodeFlags({ memory }: EngineConfiguration): readonly string[] {
  return [
    "--enable-source-maps",
    `--max-old-space-size=${memory.heapMiB}`,
    `--max-semi-space-size=${SEMI_SPACE_MIB}`,
    `--min-semi-space-size=${SEMI_SPACE_MIB}`,
    // Network buffers lie outside of the heap and count nevertheless: a small heap would be collected for them alone.
    `--initial-old-space-size=${Math.floor(memory.heapMiB / 4)}`,
    // Collections that only save memory would come when the market is quiet and last into when it is not.
    "--no-memory-reducer",
    ...(memory.hugepages === "off" ? [] : ["--use-largepages=silent"]),
  ];
}

/**
 * glibc puts big buffers (books, rings, journal) on huge pages: 1 asks the kernel for transparent ones, 2 takes
 * reserved ones from hugetlbfs. What the environment already sets stays as it is.
 */
function launchEnvironment({ memory }: EngineConfiguration, given = process.env.GLIBC_TUNABLES): NodeJS.ProcessEnv {
  if (memory.hugepages === "off" || given?.includes("glibc.malloc.hugetlb")) return {};
  const own = `glibc.malloc.hugetlb=${memory.hugepages === "reserved" ? 2 : 1}`;
  return { GLIBC_TUNABLES: [given, own].filter(Boolean).join(":") };
}

/** Starts the service with the flags that its configuration asks for, and stands in for it: same signals, same end. */
function launch(): void {
  const configuration = loadConfiguration(process.env);
  const main = join(__dirname, "main.js");
  const child = spawn(process.execPath, [...nodeFlags(configuration), main], {
    stdio: "inherit",
    env: { ...process.env, ...launchEnvironment(configuration) },
  });
  // It only waits, and must not do so on the matching thread's CPU. After the start, or the service would inherit it.
  pinThisProcess(cpuAt(configuration.threads.gateway));
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal as NodeJS.Signals]));
}

if (require.main === module) {
  try {
    launch();
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigurationError ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  }
}
