import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../..";
import { readSecret } from "../../access/signing-keys";
import { signToken } from "../../access/tokens";
import { checkConfiguration } from "../../configuration";
import { Service } from "../../service/service";
import { createLog } from "../../telemetry/log";

const ACCOUNTS = [1, 2];
const TOKEN_SECONDS = 3_600;

/** The service under measurement as it runs everywhere: its threads, journal, log and checks. A process of its own. */
async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "hft-bench-"));
  const secretFile = join(directory, "token-key");
  writeFileSync(secretFile, "a secret of a benchmark, long enough to be taken for one");
  const configuration = checkConfiguration({
    // The throttles are what is measured elsewhere; here they would be all that is measured.
    limits: { ordersPerSecond: 100_000_000, ordersPerSecondPerAccount: 100_000_000, maxPositionLots: 134_217_727 },
    http: { port: 0, requestsPerMinute: 1_000_000_000, jwt: { secretFile } },
    // The stores follow at their own pace and would take the CPU that the load needs on a small machine.
    database: { kind: "none" },
    journal: { directory: join(directory, "journal") },
    snapshot: { directory: join(directory, "snapshots") },
  });
  const service = await Service.start({ configuration, ordinal: 0, log: createLog(configuration), openEngine });
  const tokens = await Promise.all(
    ACCOUNTS.map((account) =>
      signToken(configuration.http.jwt, readSecret(secretFile), {
        subject: `user-${account}`,
        account,
        scopes: ["read", "trade"],
        lifetimeSeconds: TOKEN_SECONDS,
      }),
    ),
  );
  // Whoever measures is gone.
  process.once("disconnect", () => process.exit(1));
  process.send?.({ url: service.url, tokens });
  process.once("message", async () => {
    process.send?.({ rssMiB: Math.round(process.memoryUsage().rss / 1_048_576) });
    await service.stop();
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  });
}

void main();
