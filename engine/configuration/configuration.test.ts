import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfiguration, ENGINE_METRICS, type EngineConfigurationInput, loadConfiguration } from ".";

const safeProduction = (): EngineConfigurationInput => ({
  environment: "production",
  stage: "production",
  role: "ordinal",
  replication: { listenPort: 7070, members: ["engine-0.engine:7070", "engine-1.engine:7070"], tls: true },
  tls: { certificateFile: "/tls/tls.crt", keyFile: "/tls/tls.key", authoritiesDirectory: "/tls/authorities" },
  http: {
    jwt: { jwksUrl: "https://login.example.com/.well-known/jwks.json" },
    allowedOrigins: ["https://trade.example.com"],
  },
  database: { kind: "postgresql", endpoint: "db.internal:5432", passwordFile: "/secrets/database", tls: true },
  cache: { kind: "valkey", endpoint: "cache.internal:6379", tls: true },
  kafka: { kind: "kafka", brokers: ["b-1.internal:9098"], tls: true, authentication: "iam" },
});

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "engine-configuration-")), "engine.json");
  writeFileSync(path, text);
  return path;
}

describe("engine configuration", () => {
  it("lets a bare machine trade with defaults only", () => {
    const configuration = loadConfiguration({});
    expect(configuration.symbols.map((symbol) => symbol.name)).toEqual(["BTCUSD", "ETHUSD"]);
    expect(configuration.limits).toMatchObject({ ordersPerSecond: 100_000, queueCapacity: 100_000 });
    expect(configuration.database.kind).toBe("embedded");
    expect(configuration.http.port).toBe(8080);
  });

  it("fills addresses in from the platform's ConfigMap", () => {
    const path = fileWith(JSON.stringify({ database: { kind: "postgresql" }, kafka: { kind: "kafka" } }));
    const configuration = loadConfiguration({
      ENGINE_CONFIG: path,
      DATABASE_ENDPOINT: "db.eu.internal:5432",
      KAFKA_BROKERS: "b-1:9098, b-2:9098",
      REGION: "eu-west-1",
    });
    expect(configuration.database.endpoint).toBe("db.eu.internal:5432");
    expect(configuration.kafka.brokers).toEqual(["b-1:9098", "b-2:9098"]);
    expect(configuration.region).toBe("eu-west-1");
  });

  it("never starts active in a standby region", () => {
    const path = fileWith(JSON.stringify({ role: "ordinal", replication: { peer: "engine.active:7070" } }));
    expect(loadConfiguration({ ENGINE_CONFIG: path, REGION_ROLE: "standby" }).role).toBe("standby");
  });

  it("names the file, the field and what to write instead", () => {
    const path = fileWith(JSON.stringify({ http: { port: 99_999 }, symbol: [] }));
    expect(() => loadConfiguration({ ENGINE_CONFIG: path })).toThrow(new RegExp(`${path}: http\\.port .*65535`));
    expect(() => loadConfiguration({ ENGINE_CONFIG: path })).toThrow(/Unrecognized key: "symbol"/);
  });

  it.each(["/nowhere/engine.json", fileWith("{"), fileWith("[]"), fileWith("null")])(
    "refuses %s without a stack",
    (path) => {
      expect(() => loadConfiguration({ ENGINE_CONFIG: path })).toThrow(
        expect.objectContaining({ name: "ConfigurationError" }),
      );
    },
  );

  it.each(["tickSize", "lotSize", "referencePrice"])(
    "refuses a %s of nothing by name, before anything starts",
    (field) => {
      const symbol = { name: "AAA", tickSize: "1", lotSize: "1", maxOrderLots: 1, priceCollarBps: 1, [field]: "0.00" };
      expect(() => checkConfiguration({ symbols: [symbol] })).toThrow(
        `configuration: symbols.0.${field} is refused: a decimal above 0, in quotes, such as "0.01"`,
      );
    },
  );

  it.each<[string, EngineConfigurationInput]>([
    [
      "symbols.0.tickSize",
      {
        symbols: [{ name: "AAA", tickSize: "123456789", lotSize: "0.987654321", maxOrderLots: 1, priceCollarBps: 1 }],
      },
    ],
    [
      "symbols",
      {
        symbols: Array.from({ length: 2 }, () => ({
          name: "AAA",
          tickSize: "1",
          lotSize: "1",
          maxOrderLots: 1,
          priceCollarBps: 1,
        })),
      },
    ],
    ["database.endpoint", { database: { kind: "postgresql" } }],
    ["cache.endpoint", { cache: { kind: "valkey" } }],
    ["kafka.brokers", { kafka: { kind: "kafka" } }],
    ["kafka.passwordFile", { kafka: { authentication: "scram" } }],
    ["kafka.topics.executions.partitions", { partition: 2, kafka: { topics: { executions: { partitions: 2 } } } }],
    ["http.jwt", { http: { jwt: { jwksUrl: "https://a.example", secretFile: "b" } } }],
    ["memory.hugepages2Mi", { memory: { hugepages: "reserved" } }],
    ["replication.peer", { role: "standby" }],
  ])("refuses a contradiction in %s in every stage", (field, input) => {
    expect(() => checkConfiguration(input)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ field })] }),
    );
  });
});

describe("engine configuration in production", () => {
  it("accepts a hardened configuration", () => {
    expect(checkConfiguration(safeProduction()).stage).toBe("production");
  });

  it.each<[string, (input: EngineConfigurationInput) => EngineConfigurationInput]>([
    ["http.jwt", (input) => ({ ...input, http: { ...input.http, jwt: {} } })],
    ["http.jwt.jwksUrl", (input) => ({ ...input, http: { jwt: { jwksUrl: "http://login.example.com/jwks" } } })],
    [
      "http.jwt.developmentTokens",
      (input) => ({ ...input, http: { jwt: { secretFile: "/s", developmentTokens: true } } }),
    ],
    [
      "http.allowedOrigins",
      (input) => ({ ...input, http: { ...input.http, allowedOrigins: ["http://trade.example.com"] } }),
    ],
    ["marketData", (input) => ({ ...input, marketData: "mock" })],
    ["database.kind", (input) => ({ ...input, database: {} })],
    ["database.tls", (input) => ({ ...input, database: { ...input.database, tls: false } })],
    [
      "database.passwordFile",
      (input) => ({ ...input, database: { kind: "postgresql", endpoint: "d:5432", tls: true } }),
    ],
    ["cache.kind", (input) => ({ ...input, cache: {} })],
    ["cache.tls", (input) => ({ ...input, cache: { ...input.cache, tls: false } })],
    ["kafka.kind", (input) => ({ ...input, kafka: { tls: true } })],
    ["kafka.tls", (input) => ({ ...input, kafka: { ...input.kafka, tls: false } })],
    ["kafka.authentication", (input) => ({ ...input, kafka: { ...input.kafka, authentication: "none" } })],
    ["logging.level", (input) => ({ ...input, logging: { level: "debug" } })],
    ["replication", (input) => ({ ...input, replication: {} })],
    ["replication.tls", (input) => ({ ...input, replication: { ...input.replication, tls: false } })],
    ["replication.tls", (input) => ({ ...input, tls: undefined })],
    ["replication.peerName", (input) => ({ ...input, stage: "staging", replication: { tls: true } })],
    ["http.host", (input) => ({ ...input, http: { ...input.http, host: "0.0.0.0" } })],
    [
      "http.secure",
      (input) => ({ ...input, stage: "staging", replication: {}, tls: undefined, http: { ...input.http, secure: {} } }),
    ],
  ])("refuses an unsafe %s, and only that", (field, change) => {
    expect(() => checkConfiguration(change(safeProduction()))).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ field })] }),
    );
  });
});

describe("engine metrics", () => {
  it("have names of their own in the Prometheus style", () => {
    const metrics = Object.values(ENGINE_METRICS);
    expect(new Set(metrics.map((metric) => metric.name)).size).toBe(metrics.length);
    for (const metric of metrics) {
      expect(metric.name).toMatch(/^hft_[a-z_]+$/);
      expect(metric.name.endsWith("_total")).toBe(metric.type === "counter");
    }
  });
});
