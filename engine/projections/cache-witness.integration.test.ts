import { until } from "@hft/testing";
import { openEngine } from "..";
import { openValkey } from "../adapters/valkey";
import { describeWithServers, newRedis } from "../testing/servers";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describeWithServers("a cache that has seen more than the journal", () => {
  it("refuses the start of an engine whose journal lost it, unless it shows the history of an earlier epoch", async () => {
    const redis = await newRedis();
    await redis.start();
    const { endpoint, passwordFile } = redis;
    const cache = { kind: "valkey", endpoint, passwordFile } as const;
    const first = await ServiceFixture.start({ cache }, openEngine);
    await first.call("POST", "/api/orders", { body: limitOrder("buy", "60000.00", "0.1") });
    const client = await openValkey(first.configuration);
    const key = "hft:{development-0}:book:BTCUSD";
    const shown = async () => JSON.parse((await client.hget(key, "book")) ?? '{"bids":[]}').bids.length;
    await until(async () => (await shown()) > 0);
    await first.service.stop();
    await first.open(openEngine);
    await first.stop();

    // A journal that was lost, which has no epoch yet.
    await expect(ServiceFixture.start({ cache }, openEngine)).rejects.toThrow(
      /STORE_AHEAD: cache: has recorded event \d+, the journal ends with event 0/,
    );
    await client.hset(key, "epoch", -1);
    const later = await ServiceFixture.start({ cache }, openEngine);
    await later.stop();
    client.disconnect();
    await redis.remove();
  });
});
