import fc from "fast-check";
import { PROBLEMS } from "../problems/problem";
import { ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(300_000);

interface Parameter {
  readonly name: string;
  readonly in: string;
}
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Record<string, unknown> | undefined;
  readonly statuses: readonly string[];
  readonly secured: boolean;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** Text as attackers and broken clients send it. */
const hostileText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "BTCUSD",
    "../../etc/passwd",
    "%00",
    "%zz",
    "' OR 1=1 --",
    "-1",
    "0",
    "1e309",
    "9".repeat(400),
    "__proto__",
    "\u202e",
    "\ud800",
    "NaN",
  ),
  fc.string({ maxLength: 60 }),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.jsonValue({ maxDepth: 3 }),
);

describe("the OpenAPI document", () => {
  let engine: ServiceFixture;
  let operations: Operation[];
  let document: { openapi: string; paths: Record<string, Record<string, unknown>> };

  beforeAll(async () => {
    engine = await ServiceFixture.start({ http: { jwt: { developmentTokens: true } } });
    document = (await engine.call("GET", "/api/openapi.json", { token: "" })).body;
    operations = operationsOf(document.paths);
  });
  afterAll(() => engine.stop());

  it("is a valid OpenAPI 3.1 document", async () => {
    expect(document.openapi).toBe("3.1.0");
    const { Validator } = await import("@seriousme/openapi-schema-validator");
    const verdict = await new Validator().validate(structuredClone(document) as never);
    expect(verdict).toEqual({ valid: true });
  });

  it("names every route that the platform and the guides rely on", () => {
    expect(operations.map(({ method, path }) => `${method.toLowerCase()} ${path}`)).toEqual(
      expect.arrayContaining([
        "post /api/orders",
        "patch /api/orders/{orderId}",
        "delete /api/orders/{orderId}",
        "get /api/books/{symbol}",
        "get /api/trades",
        "get /api/positions",
        "get /api/analytics",
        "get /api/analytics/daily-pnl",
        "get /debug/orderbook/{symbol}",
        "get /health",
        "get /ready",
        "get /live",
        "get /metrics",
      ]),
    );
  });

  it("is served with a page to read it", async () => {
    const page = await engine.call("GET", "/docs/", { token: "" });
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/swagger-ui/i);
    expect((await engine.call("GET", "/docs/problems", { token: "" })).body).toContain("ORDER_REJECTED");
  });

  it("demands a token on everything but health, metrics and the development token", async () => {
    const open = operations.filter(({ secured }) => !secured).map(({ path }) => path);
    expect(open.sort()).toEqual(["/api/development/token", "/health", "/live", "/metrics", "/ready"]);
    for (const { method, path } of operations.filter(({ secured }) => secured)) {
      for (const token of ["", "nonsense", "a.b.c", await expired(engine), `${await engine.token(1)}x`]) {
        const answer = await engine.call(method, path.replace(/\{\w+\}/g, "1"), { token });
        expect(answer).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
      }
    }
  });

  it("demands the scope of each route", async () => {
    for (const { method, path } of operations.filter(({ secured }) => secured)) {
      const answer = await engine.call(method, path.replace(/\{\w+\}/g, "1"), { account: 1, scopes: [] });
      expect(answer).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
    }
  });

  it("is kept under hostile input: no route ever fails, and every answer is a documented one", async () => {
    const token = await engine.token(1, ["read", "trade", "admin"]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations.filter(({ path }) => !/promote|snapshot/.test(path))),
        fc.dictionary(fc.constantFrom("symbol", "orderId", "account"), hostileText),
        fc.dictionary(fc.constantFrom("symbol", "depth", "count", "before", "status", "x"), hostileText),
        bodyFor(),
        async (operation, params, query, body) => {
          const answer = await send(engine, token, operation, params, query, body);
          expect(answer.status).not.toBe(500);
          expect([...operation.statuses, "404"]).toContain(String(answer.status));
          if (answer.status >= 400) {
            expect(Object.keys(PROBLEMS)).toContain(answer.code);
          }
        },
      ),
      { numRuns: 1_500 },
    );
    expect((await engine.call("GET", "/live", { token: "" })).status).toBe(200);
    expect(engine.logged.filter(({ level }) => level === "error")).toEqual([]);
  });
});

function operationsOf(paths: Record<string, Record<string, unknown>>): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const operation = item[method] as {
        parameters?: Parameter[];
        requestBody?: { content: { "application/json"?: { schema: Record<string, unknown> } } };
        responses: Record<string, unknown>;
        security?: unknown[];
      };
      return {
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        body: operation.requestBody?.content["application/json"]?.schema,
        statuses: Object.keys(operation.responses),
        secured: operation.security !== undefined,
      };
    }),
  );
}

/** Objects with the names of real fields and anything as their values, and things that are no objects at all. */
function bodyFor(): fc.Arbitrary<unknown> {
  const field = fc.constantFrom(
    "symbol",
    "side",
    "type",
    "timeInForce",
    "price",
    "quantity",
    "stopPrice",
    "displayQuantity",
    "postOnly",
    "on",
    "account",
    "maxPositionLots",
    "ordersPerSecond",
    "__proto__",
  );
  const plausible = fc.record(
    {
      symbol: fc.constantFrom("BTCUSD", "ETHUSD", "NOPE"),
      side: fc.constantFrom("buy", "sell", "hold"),
      type: fc.constantFrom("limit", "market", "stop", "stop_limit"),
      timeInForce: fc.constantFrom("gtc", "ioc", "fok"),
      price: fc.constantFrom("65000.00", "64999.99", "0", "1e5", "999999999999999"),
      stopPrice: fc.constantFrom("65000.00", "0"),
      quantity: fc.constantFrom("0.1", "0.0001", "0", "99999999999", "0.00001"),
      displayQuantity: fc.constantFrom("0.01", "5"),
      postOnly: fc.boolean(),
      selfTradePrevention: fc.constantFrom("none", "cancel_oldest", "decrement"),
    },
    { requiredKeys: ["symbol", "side", "quantity"] },
  );
  return fc.oneof(plausible, fc.dictionary(field, hostileValue), hostileValue);
}

async function send(
  engine: ServiceFixture,
  token: string,
  { method, path, body: schema }: Operation,
  params: Record<string, string>,
  query: Record<string, string>,
  body: unknown,
) {
  const encode = (text: string) => encodeURIComponent(text.toWellFormed());
  const filled = path.replace(/\{(\w+)\}/g, (_all, name) => encode(params[name] ?? "1") || "1");
  const search = Object.entries(query).map(([name, value]) => `${name}=${encode(value)}`);
  const text = JSON.stringify(body) ?? "";
  const response = await fetch(`${engine.url}${filled}${search.length > 0 ? `?${search.join("&")}` : ""}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(schema ? { "content-type": "application/json" } : {}) },
    ...(schema ? { body: text } : {}),
  });
  const answer = await response.text();
  const problem = response.status >= 400 && response.headers.get("content-type")?.includes("problem+json");
  return { status: response.status, code: problem ? JSON.parse(answer).code : undefined };
}

const expired = (engine: ServiceFixture): Promise<string> => engine.token(1, ["read", "trade", "admin"], -60);
