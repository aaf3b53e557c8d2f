import { createHash } from "node:crypto";
import { KeptOutcomes } from "../journal/kept-outcomes";
import { KillScope, RejectReason } from "../protocol";
import {
  digestOf,
  enterAgain,
  KeptFileFixture,
  keptOrder,
  orderNamed,
  refusedThere,
  WHO,
  type Write,
} from "../testing/kept-file-fixture";
import { ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const ORDERS: readonly Write[] = [
  (encoder, index) => encoder.newOrder(index, keptOrder(1, 41)),
  (encoder, index) => encoder.newOrder(index, keptOrder(2, 42)),
  (encoder, index) => encoder.killSwitch(index, { ...WHO, scope: KillScope.Everything, on: true }),
  (encoder, index) => encoder.cancel(index, orderNamed(1, 99)),
];

let engine: ServiceFixture;
const admin = (method: string, path: string) =>
  engine.call(method, `/api/admin/set-aside${path}`, { scopes: ["admin"] });
const openOrders = async (account: number) => {
  const { body } = await engine.call("GET", "/api/orders", { account });
  return (body.orders ?? body) as { clientOrderId: string; price: string; orderId: number }[];
};
const metric = async () => (await engine.call("GET", "/metrics")).body as string;

describe("commands that are set aside", () => {
  beforeEach(async () => {
    engine = await ServiceFixture.start();
  });
  afterEach(() => engine.stop());

  it("are listed with their accounts and counted, for operators only", async () => {
    const { name } = KeptFileFixture.at(engine, ...ORDERS);
    expect((await engine.call("GET", "/api/admin/set-aside")).status).toBe(403);
    expect((await admin("GET", "")).body).toEqual([
      expect.objectContaining({ name, firstSequence: 1, lastSequence: 4, acknowledged: true, entered: false }),
    ]);
    expect((await admin("GET", `/${name}?from=2`)).body).toEqual([
      expect.objectContaining({ sequence: 2, type: "NewOrder", account: 2, clientOrderId: "42", outcome: "accepted" }),
      expect.objectContaining({ sequence: 3, type: "KillSwitch" }),
      expect.objectContaining({ sequence: 4, type: "Cancel", clientOrderId: "99" }),
    ]);
    expect(await metric()).toContain('hft_set_aside_commands{acknowledged="yes"} 4');
  });

  it("name a file that is not there as such", async () => {
    const asked = { "": "GET", "/file": "GET", "/enter": "POST", "/entered": "PUT" };
    for (const [path, method] of Object.entries(asked)) {
      const answer = await admin(method, `/set-aside-none.log${path}`);
      expect({ path, ...answer }).toMatchObject({ path, status: 404, body: { code: "NOT_FOUND" } });
    }
  });

  it("are fetched as they lie on the disk, with a checksum, and marked when another engine has entered them", async () => {
    const { name, bytes } = KeptFileFixture.at(engine, ...ORDERS);
    const response = await fetch(`${engine.url}/api/admin/set-aside/${name}/file`, {
      headers: { authorization: `Bearer ${await engine.token(undefined, ["admin"])}` },
    });
    expect(bytes.equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
    expect(response.headers.get("content-digest")).toBe(digestOf(bytes));
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    expect(response.headers.get("content-disposition")).toContain(`"${name}"`);
    expect((await admin("PUT", `/${name}/entered`)).status).toBe(200);
    expect((await admin("PUT", `/${name}/entered`)).status).toBe(200);
    expect((await admin("GET", "")).body).toEqual([
      expect.objectContaining({ name: `${name}.entered`, entered: true }),
    ]);
    expect(await metric()).toContain('hft_set_aside_commands{acknowledged="yes"} 0');
  });

  it("are entered from the own disk: each says what became of it, and nothing is counted any more", async () => {
    const { name } = KeptFileFixture.at(engine, ...ORDERS);
    const entered = await enterAgain(engine, name);
    expect(entered.results).toEqual(["1 accepted", "2 accepted", "3 administrative", "4 refused UNKNOWN_ORDER"]);
    expect(entered.last).toEqual({
      file: name,
      accepted: 2,
      "already-there": 0,
      refused: 1,
      "refused-before": 0,
      administrative: 1,
    });
    expect(await openOrders(1)).toEqual([expect.objectContaining({ clientOrderId: "41", price: "60000.00" })]);
    expect(await metric()).toContain('hft_set_aside_commands{acknowledged="yes"} 0');
    const { results } = await enterAgain(engine, name);
    expect(results.slice(0, 2)).toEqual(["1 already-there", "2 already-there"]);
    expect(await openOrders(2)).toHaveLength(1);
  });

  it("are entered from the file of another engine, and are there once after a repetition", async () => {
    const { name, bytes } = KeptFileFixture.elsewhere(...ORDERS);
    const [first, second] = [await enterAgain(engine, name, bytes), await enterAgain(engine, name, bytes)];
    expect(first.results.slice(0, 2)).toEqual(["1 accepted", "2 accepted"]);
    expect(second.results.slice(0, 2)).toEqual(["1 already-there", "2 already-there"]);
    expect([await openOrders(1), await openOrders(2)].map(({ length }) => length)).toEqual([1, 1]);
  });

  it("take part in the audit with who entered which bytes, and with what came of it", async () => {
    const { name: file, bytes } = KeptFileFixture.elsewhere(...ORDERS);
    await enterAgain(engine, file, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("base64");
    const audit = engine.logged.filter(({ message }) => message === "audit").map(({ record }) => record.audit);
    expect(audit).toMatchObject([
      { subject: "user-operator", action: "admin.set-aside.enter", detail: { file, sha256, commands: 4 } },
      {
        subject: "user-operator",
        action: "admin.set-aside.entered",
        detail: { file, sha256, accepted: 2, refused: 1 },
      },
    ]);
  });

  it("stay refused when the old engine had refused them, though this one would take them", async () => {
    const { name, bytes } = KeptFileFixture.at(
      engine,
      (encoder, index) => encoder.newOrder(index, keptOrder(1, 41)),
      refusedThere((encoder, index) => encoder.newOrder(index, keptOrder(1, 42)), RejectReason.PositionLimit),
      refusedThere(
        (encoder, index) => encoder.modify(index, { ...orderNamed(1, 41), price: 6_000_100, quantity: 10 }),
        RejectReason.PriceCollar,
      ),
      refusedThere((encoder, index) => encoder.cancel(index, orderNamed(1, 41)), RejectReason.UnknownOrder),
    );
    expect((await admin("GET", `/${name}?from=2&count=1`)).body).toEqual([
      expect.objectContaining({ sequence: 2, outcome: "refused", outcomeReason: "POSITION_LIMIT" }),
    ]);
    const refused = [
      "2 refused-before POSITION_LIMIT",
      "3 refused-before PRICE_COLLAR",
      "4 refused-before UNKNOWN_ORDER",
    ];
    const first = await enterAgain(engine, name, bytes);
    expect(first.results).toEqual(["1 accepted", ...refused]);
    expect(first.last).toMatchObject({ accepted: 1, "refused-before": 3 });
    expect(first.last).not.toHaveProperty("warning");
    expect((await enterAgain(engine, name)).results).toEqual(["1 already-there", ...refused]);
    expect(await openOrders(1)).toEqual([expect.objectContaining({ clientOrderId: "41", price: "60000.00" })]);
  });

  it("are entered out of a file without outcomes only by who says so, with a warning that also the audit has", async () => {
    const { name, bytes } = KeptFileFixture.older(...ORDERS);
    const asked = await enterAgain(engine, name, bytes);
    expect(asked).toMatchObject({ status: 409, last: { code: "OUTCOMES_UNKNOWN" } });
    expect(asked.last.detail).toBe(`${name}: 3 of 4 commands; nothing was entered`);
    expect(await openOrders(1)).toEqual([]);
    const { results, lines, last } = await enterAgain(engine, name, bytes, {}, "?unknownOutcomes=enter");
    expect(results).toEqual(["1 accepted", "2 accepted", "3 administrative", "4 refused UNKNOWN_ORDER"]);
    expect(lines[0]).toMatchObject({ outcome: "unknown" });
    expect(last.warning).toMatch(/^the file does not record whether the old engine had refused 3 of its commands/);
    const audit = engine.logged.filter(({ message }) => message === "audit").map(({ record }) => record.audit);
    expect(audit).toContainEqual(
      expect.objectContaining({
        action: "admin.set-aside.enter",
        outcome: "done",
        detail: expect.objectContaining({ unknownOutcomes: 3 }),
      }),
    );
  });

  it("wait for an account's pace instead of losing what is beyond it", async () => {
    const body = { maxPositionLots: 0, ordersPerSecond: 20 };
    await engine.call("PUT", "/api/admin/accounts/1/limits", { scopes: ["admin"], body });
    const orders = Array.from({ length: 12 }, (_, low): Write => {
      return (encoder, index) => encoder.newOrder(index, keptOrder(1, 100 + low));
    });
    const { name, bytes } = KeptFileFixture.elsewhere(...orders);
    expect((await enterAgain(engine, name, bytes)).last).toMatchObject({ accepted: 12, refused: 0 });
  });
});

describe("a file of commands", () => {
  const { name, bytes } = KeptFileFixture.elsewhere(...ORDERS);
  beforeAll(async () => {
    engine = await ServiceFixture.start();
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    expect([await openOrders(1), await openOrders(2)]).toEqual([[], []]);
  });

  const damaged: Record<string, [RegExp, Uint8Array, string?]> = {
    "whose end is cut off": [/section of outcomes at byte 352 is damaged or incomplete/, bytes.subarray(0, -8)],
    "with another outcome": [/section of outcomes at byte 352 is damaged or incomplete/, flipped(bytes, 353)],
    "with the outcomes of another one": [
      /2 outcomes from command 1, but its name says 1 to 4/,
      Buffer.concat([bytes.subarray(0, 352), KeptOutcomes.unknown(1, 2).section()]),
    ],
    "whose commands are cut off": [/block at byte 64 is damaged or incomplete/, bytes.subarray(0, 300)],
    "with a flipped bit": [/block at byte 64 is damaged or incomplete/, flipped(bytes, 200)],
    "with something behind it": [/is damaged or incomplete/, Buffer.concat([bytes, Buffer.alloc(32)])],
    "without its header": [/does not start with the header/, bytes.subarray(64)],
    "that is empty": [/does not start with the header/, Buffer.alloc(0)],
    "of another name": [
      /contains commands 1 to 4, but its name says 1 to 5/,
      bytes,
      name.replace("4-epoch", "5-epoch"),
    ],
    "of another epoch": [/ends in epoch 0, but its name says 7/, bytes, name.replace("-epoch-0", "-epoch-7")],
  };
  it.each(Object.entries(damaged))("%s is refused before the first one", async (_, [reason, given, under]) => {
    const { status, last } = await enterAgain(engine, under ?? name, given);
    expect({ status, ...last }).toMatchObject({ status: 422, code: "FILE_DAMAGED" });
    expect(last.detail).toMatch(reason);
  });

  it("is refused with the checksum of another one, without one, under no such name, and as JSON", async () => {
    const wrong = await enterAgain(engine, name, bytes, { "content-digest": digestOf(Buffer.from("x")) });
    expect(wrong).toMatchObject({ status: 422, last: { code: "FILE_DAMAGED" } });
    expect(await enterAgain(engine, name, bytes, { "content-digest": "md5=:eA==:" })).toMatchObject({ status: 400 });
    const nameless = await enterAgain(engine, "set-aside-mine.log", bytes);
    expect(nameless).toMatchObject({ status: 400, last: { code: "INVALID_REQUEST" } });
    const json = await enterAgain(engine, name, bytes, { "content-type": "application/json" });
    expect(json).toMatchObject({ status: 415, last: { code: "UNSUPPORTED_MEDIA_TYPE" } });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 1;
  return copy;
}
