import { ServiceFixture } from "@hft/engine/testing/service-fixture";
import { LIMITED_METHODS } from "../../constructs/edge/edge-rules";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describe("the edge's rate limit", () => {
  let engine: ServiceFixture;
  let methods: string[];
  beforeAll(async () => {
    engine = await ServiceFixture.start({ http: { allowedOrigins: ["https://trade.example.com"] } });
    const { body } = await engine.call("GET", "/api/openapi.json", { token: "" });
    const paths = Object.values(body.paths as Record<string, object>);
    methods = [...new Set(paths.flatMap((path) => Object.keys(path)).map((method) => method.toUpperCase()))];
  });
  afterAll(() => engine.stop());

  it("counts every method that the engine's document has: orders are changed by PATCH", () => {
    expect(methods).toContain("PATCH");
    expect(methods.filter((method) => !(LIMITED_METHODS as readonly string[]).includes(method))).toEqual([]);
  });

  it("counts every method that the engine answers without one", async () => {
    const others = ["HEAD", "OPTIONS", "LINK", "PURGE"];
    const answered: string[] = [];
    for (const method of others) {
      const headers = { origin: "https://trade.example.com", "access-control-request-method": "POST" };
      const authorization = `Bearer ${await engine.token(1)}`;
      const { status } = await fetch(`${engine.url}/api/symbols`, { method, headers: { ...headers, authorization } });
      if (status < 400) answered.push(method);
    }
    expect(answered).toEqual(["HEAD", "OPTIONS"]);
    expect(LIMITED_METHODS).toEqual(expect.arrayContaining(answered));
  });
});
