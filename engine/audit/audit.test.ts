import { identityFrom } from "../access/identity";
import { Audit } from "./audit";

const identity = identityFrom({ sub: 'ann "the cat"', account: 7, scope: "trade", exp: 1 }, 100);

describe("Audit", () => {
  const logged: string[] = [];
  const written: string[] = [];
  let full = false;
  let lost = 0;
  const file = {
    append: (lines: Uint8Array) => {
      if (full) throw new Error("no space left on device");
      written.push(Buffer.from(lines).toString());
    },
    sync: () => {},
    close: () => {},
  };
  const log = {
    audit: (record: Uint8Array) => logged.push(Buffer.from(record).toString()),
    error: () => {},
    info: () => {},
  };
  const audit = new Audit(log, () => (lost += 1), file);
  const newest = () => JSON.parse(logged.at(-1) as string);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  afterAll(() => audit.close());

  it("writes who did what, when, from where, and what came of it", () => {
    const before = Date.now();
    const context = {
      address: "192.0.2.7",
      command: { commandSequence: 9, commandTimeMicroseconds: 1_700_000_000_123_456 },
      detail: '{"orderId":5}',
    };
    audit.record(identity, "order.enter", "done", "request-1", context);
    const { at, ...record } = newest();
    expect(record).toEqual({
      subject: 'ann "the cat"',
      account: 7,
      action: "order.enter",
      outcome: "done",
      requestId: "request-1",
      address: "192.0.2.7",
      command: 9,
      commandAt: 1_700_000_000_123,
      detail: { orderId: 5 },
    });
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
  });

  it("writes one line, whoever it was, whatever a proxy's header says", () => {
    expect(logged.at(-1)).not.toContain("\n");
    audit.record(undefined, "order.enter", "UNAUTHORIZED", "request-2", { address: 'x","subject":"bob\0' });
    expect(newest()).toMatchObject({ subject: "anonymous", account: null, command: null, detail: {} });
    expect(newest().address).toBe('x","subject":"bob\ufffd');
  });

  it("answers when the records of one turn are written, with one write", async () => {
    await turn();
    written.length = 0;
    const answered: number[] = [];
    for (const request of [1, 2, 3]) {
      audit.record(identity, "order.cancel", "done", `request-${request}`, {}, () => answered.push(written.length));
    }
    expect(answered).toEqual([]);
    await turn();
    expect(answered).toEqual([1, 1, 1]);
    expect(written.join("").trim().split("\n")).toEqual(logged.slice(-3));
  });

  it("answers although the file cannot be written, and writes what has waited when it can", async () => {
    full = true;
    const answers: string[] = [];
    audit.record(identity, "order.cancel", "done", "request-4", {}, () => answers.push("answered"));
    await turn();
    expect(answers).toEqual(["answered"]);
    full = false;
    audit.record(identity, "order.cancel", "done", "request-5");
    await turn();
    expect(written.at(-1)?.trim().split("\n")).toEqual(logged.slice(-2));
    expect(lost).toBe(0);
  });

  it("counts and tells what could not be written by its end, and what comes after it", async () => {
    const errors: object[] = [];
    let counted = 0;
    const broken = {
      ...file,
      append: () => {
        throw new Error("no space left on device");
      },
      close: () => {
        throw new Error("input/output error");
      },
    };
    const ending = new Audit({ ...log, error: (what) => errors.push(what) }, () => (counted += 1), broken);
    for (const request of [1, 2]) ending.record(identity, "order.enter", "done", `request-${request}`);
    await turn();
    expect(counted).toBe(0);
    await ending.close();
    expect(counted).toBe(2);
    expect(errors).toEqual([{ error: "no space left on device" }, { records: 2 }, { error: "input/output error" }]);
    ending.record(identity, "session.close", "done", "ws-1");
    await turn();
    expect(counted).toBe(3);
  });
});
