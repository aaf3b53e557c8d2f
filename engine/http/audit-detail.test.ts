import type { FastifyRequest } from "fastify";
import { auditDetailOf } from "./audit-detail";

const asked = (parts: Partial<FastifyRequest>) => parts as FastifyRequest;
const body = { symbol: "BTCUSD", side: "buy" };

describe("auditDetailOf", () => {
  it("says which order it was about and what was asked", () => {
    expect(JSON.parse(auditDetailOf(asked({ auditOrderId: 5, body }), true))).toEqual({ orderId: 5, body });
  });

  it("adds what the route knows", () => {
    expect(auditDetailOf(asked({ auditDetail: { symbol: "BTCUSD" } }), true)).toBe('{"symbol":"BTCUSD"}');
    expect(auditDetailOf(asked({}), true)).toBe("{}");
  });

  it("leaves out a body that fits no schema, for it could hold anything", () => {
    expect(auditDetailOf(asked({ body: { password: "x" } }), false)).toBe("{}");
  });
});
