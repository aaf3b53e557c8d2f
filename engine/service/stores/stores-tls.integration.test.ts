import { rmSync } from "node:fs";
import type { EngineConfigurationInput } from "../../configuration";
import { newCertificate } from "../../testing/certificates";
import { newDirectory, type ServerProcess } from "../../testing/server-process";
import { describeWithServers, newKafka, newPostgresql, newRedis, type ServerWithLogin } from "../../testing/servers";
import { ServiceFixture } from "../../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const NAMES = ["database", "cache", "kafka"] as const;

describeWithServers("the engine with PostgreSQL, Redis and Kafka that speak TLS", () => {
  let postgresql: ServerWithLogin;
  let redis: ServerWithLogin;
  let kafka: ServerProcess & { caFile: string | undefined };

  beforeAll(async () => {
    [postgresql, redis, kafka] = await Promise.all([newPostgresql(true), newRedis(true), newKafka(true)]);
    await Promise.all([postgresql.start(), redis.start(), kafka.start()]);
  });

  afterAll(async () => {
    await Promise.all([postgresql, redis, kafka].map((server) => server?.remove()));
  });

  /** `host` is what the certificates are held against, `caFile` what they are signed with. */
  function configuration(host: string, caFile?: string): EngineConfigurationInput {
    const at = ({ port }: ServerProcess) => `${host}:${port}`;
    const tls = (server: { caFile: string | undefined }) => ({
      tls: true,
      caFile: caFile ?? (server.caFile as string),
    });
    return {
      database: {
        ...{ kind: "postgresql", endpoint: at(postgresql), name: "postgres", passwordFile: postgresql.passwordFile },
        ...tls(postgresql),
      },
      cache: { kind: "valkey", endpoint: at(redis), passwordFile: redis.passwordFile, ...tls(redis) },
      kafka: { kind: "kafka", brokers: [at(kafka)], ...tls(kafka) },
    };
  }

  /** @param because - what each store's error says in the end; on a busy machine the first one may be a time limit */
  async function statesWith(input: EngineConfigurationInput, status: "up" | "down", because = /./) {
    const engine = await ServiceFixture.start(input);
    const states = async () => (await engine.call("GET", "/health")).body.dependencies;
    let found = await states();
    const deadline = Date.now() + 60_000;
    const settled = (name: (typeof NAMES)[number]) =>
      found[name].status === status && (status === "up" || because.test(String(found[name].error)));
    while (!NAMES.every(settled)) {
      if (Date.now() > deadline) throw new Error(`not ${status}: ${JSON.stringify(found)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      found = await states();
    }
    await engine.stop();
    return NAMES.map((name) => String(found[name].error));
  }

  it("uses each when its certificate is for its name and of the authority that the configuration names", async () => {
    await statesWith(configuration("localhost"), "up");
  });

  it("refuses each whose certificate another authority has signed", async () => {
    const directory = newDirectory("another-authority");
    const { caFile } = newCertificate(directory);
    const because = /certificate|signature/i;
    for (const error of await statesWith(configuration("localhost", caFile), "down", because)) {
      expect(error).toMatch(because);
    }
    rmSync(directory, { recursive: true });
  });

  it("refuses each whose certificate is for another name", async () => {
    const because = /127\.0\.0\.1/;
    for (const error of await statesWith(configuration("127.0.0.1"), "down", because)) expect(error).toMatch(because);
  });
});
