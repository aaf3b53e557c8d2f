import fc from "fast-check";
import type { FastifyRequest } from "fastify";
import { auditDetailOf } from "./audit-detail";

const asked = (parts: Partial<FastifyRequest>) => parts as FastifyRequest;
const body = { symbol: "BTCUSD", side: "buy" };
const bodyText = '{"symbol": "BTCUSD", "side": "buy"}';

describe("auditDetailOf", () => {
  it("says which order it was about and what the client wrote", () => {
    const detail = auditDetailOf(asked({ auditOrderId: 5, bodyText, body }), true);
    expect(detail).toBe(`{"orderId":5,"body":${bodyText}}`);
  });

  it("adds what the route knows", () => {
    expect(auditDetailOf(asked({ auditDetail: { symbol: "BTCUSD" } }), true)).toBe('{"symbol":"BTCUSD"}');
    expect(auditDetailOf(asked({}), true)).toBe("{}");
  });

  it("leaves out a body that fits no schema, for it could hold anything", () => {
    expect(auditDetailOf(asked({ bodyText: '{"password":"x"}', body: { password: "x" } }), false)).toBe("{}");
  });

  it("does not repeat what a database cannot take", () => {
    const twice = '{"side":"\\u0000","side":"buy"}';
    expect(auditDetailOf(asked({ bodyText: twice, body: JSON.parse(twice) }), true)).toBe('{"body":{"side":"buy"}}');
  });

  it("is one short line, however a body is written", () => {
    const spaces = fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t"), maxLength: 2_000 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), spaces, (given, space) => {
        const text = JSON.stringify(given).replace("{", () => `{${space}`);
        const detail = auditDetailOf(asked({ auditOrderId: 1, bodyText: text, body: given }), true);
        expect(detail).not.toMatch(/[\n\r]/);
        expect(detail.length).toBeLessThan(Math.max(1_024, JSON.stringify(given).length) + 40);
        expect(JSON.parse(detail)).toEqual({ orderId: 1, body: given });
      }),
    );
  });
});
