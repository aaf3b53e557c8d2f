import { openEngine } from "../..";
import { ServiceFixture } from "../../test-servers/service-fixture";

/** The engine under measurement, with its real threads and journal. Started as a process of its own. */
async function main(): Promise<void> {
  const engine = await ServiceFixture.start(
    {
      // The throttles are what is measured elsewhere; here they would be all that is measured.
      limits: { ordersPerSecond: 100_000_000, ordersPerSecondPerAccount: 100_000_000, maxPositionLots: 134_217_727 },
      http: { requestsPerMinute: 1_000_000_000 },
    },
    openEngine,
  );
  const tokens = await Promise.all([1, 2].map((account) => engine.token(account)));
  process.send?.({ url: engine.url, tokens });
  process.once("message", async () => {
    const usage = process.memoryUsage().rss;
    process.send?.({ rssMiB: Math.round(usage / 1_048_576) });
    await engine.stop();
    process.exit(0);
  });
}

void main();
