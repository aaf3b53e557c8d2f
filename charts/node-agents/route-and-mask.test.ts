import { join } from "node:path";
import { requires, runTool } from "@hft/testing";
import fc from "fast-check";

const SCRIPT = join(__dirname, "route-and-mask.lua");

type Value = string | number | boolean | { readonly [key: string]: Value };

/** A value as a Lua literal. */
function lua(value: Value): string {
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, item]) => `[${lua(key)}]=${lua(item)}`)
      .join(",")}}`;
  }
  if (typeof value !== "string") return String(value);
  return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
}

/** What Fluent Bit's Lua filter makes of a record, as sorted lines of `path=value`. */
function processed(record: Value, tag = "kube.trading.engine-0.engine"): string[] {
  const program = `
    dofile(${lua(SCRIPT)})
    local function show(path, value)
      if type(value) ~= "table" then print(path .. "=" .. tostring(value)) return end
      for key, item in pairs(value) do show(path .. "." .. tostring(key), item) end
    end
    local code, _, result = route_and_mask(${lua(tag)}, 0, ${lua(record)})
    print("code=" .. code)
    show("", result)`;
  const { status, output } = runTool("lua5.1", ["-"], { input: program });
  if (status !== 0) throw new Error(output);
  return output.trim().split("\n").sort();
}

requires("lua5.1")("the filter of the log shipper", () => {
  it("says where a record came from", () => {
    expect(processed({ level: "info", msg: "started" }, "kube.front.gateway-5d9-abc.nginx")).toEqual([
      ".container=nginx",
      ".level=info",
      ".msg=started",
      ".namespace=front",
      ".pod=gateway-5d9-abc",
      ".stream=system",
      "code=2",
    ]);
  });

  it.each([
    ["audit records", { audit: { action: "order" }, level: "info" }, "transactions"],
    ["debug lines", { level: "debug", msg: "x" }, "debug"],
    ["lines that are no JSON", { log: "panic: out of memory" }, "system"],
  ])("keeps %s for as long as they have to be", (_, record, stream) => {
    expect(processed(record)).toContain(`.stream=${stream}`);
  });

  it.each([
    ["a field", { password: "hunter2" }, ".password=[hidden]"],
    [
      "a field inside",
      { request: { headers: { Authorization: "Basic aHVudGVyMg==" } } },
      ".request.headers.Authorization=[hidden]",
    ],
    ["a field written otherwise", { "Api-Key": "hunter2" }, ".Api-Key=[hidden]"],
    ["a bearer token in a text", { msg: "sent Bearer abc.def-9" }, ".msg=sent Bearer [hidden]"],
    ["a JSON web token", { msg: "got eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl back" }, ".msg=got [hidden] back"],
    [
      "a password in an address",
      { msg: "postgres://hft:hunter2@db:5432/orders" },
      ".msg=postgres://hft:[hidden]@db:5432/orders",
    ],
    ["somebody's address", { msg: "mail to jane.doe+x@example.com failed" }, ".msg=mail to [hidden] failed"],
  ])("hides %s", (_, record, line) => {
    const lines = processed(record as Value);
    expect(lines).toContain(line);
    expect(lines.join()).not.toMatch(/hunter2|aHVudGVyMg|jane/);
  });

  it("leaves what is no secret as it is", () => {
    const record = { orderId: 17, tokenised: true, msg: "book 100.5@3 crossed", detail: { symbol: "BTCUSD" } };
    expect(processed(record)).toEqual(
      expect.arrayContaining([".orderId=17", ".tokenised=true", ".msg=book 100.5@3 crossed", ".detail.symbol=BTCUSD"]),
    );
  });

  it("lets no secret through however deep it lies", () => {
    const secret = "S3cretValue";
    const name = fc.constantFrom("password", "Secret", "access_token", "SET-COOKIE", "apiKey");
    const path = fc.array(fc.constantFrom("a", "b", "c d", "ü"), { maxLength: 5 });
    fc.assert(
      fc.property(path, name, (keys, field) => {
        const record = keys.reduceRight<Value>((inside, key) => ({ [key]: inside }), { [field]: secret });
        expect(processed(record).join()).not.toContain(secret);
      }),
      { numRuns: 20 },
    );
  });
});
