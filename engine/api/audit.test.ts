import { Audit } from "./audit";
import { identityFrom } from "./identity";

const identity = identityFrom({ sub: 'ann "the cat"', account: 7, scope: "trade", exp: 1 }, 100);

describe("Audit", () => {
  const lines: string[] = [];
  let lost = 0;
  const audit = new Audit({ audit: (json) => lines.push(json) }, () => (lost += 1), true);
  const newest = () => JSON.parse(lines.at(-1) as string);

  it("writes who did what, when, and what came of it", () => {
    const before = Date.now();
    audit.record(identity, "order.enter", "done", "request-1", '{"orderId":5}');
    const { at, ...record } = newest();
    expect(record).toEqual({
      subject: 'ann "the cat"',
      account: 7,
      action: "order.enter",
      outcome: "done",
      requestId: "request-1",
      detail: { orderId: 5 },
    });
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
  });

  it("writes one line, whoever it was", () => {
    expect(lines.at(-1)).not.toContain("\n");
    audit.record(undefined, "order.enter", "UNAUTHORIZED", "request-2");
    expect(newest()).toMatchObject({ subject: "anonymous", account: null, detail: {} });
  });

  it("gives the database each record once, in order, and again after a failure", () => {
    audit.giveBack(audit.take(1));
    expect(audit.take(10)).toEqual(lines);
    expect(audit.take(10)).toEqual([]);
  });

  it("counts what the database is too far behind to get", () => {
    for (let count = 0; count <= 50_000; count++) audit.record(identity, "order.cancel", "done", "request-3");
    expect(lost).toBe(1);
  });
});
