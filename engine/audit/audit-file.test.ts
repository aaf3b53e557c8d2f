import { appendFileSync, fdatasync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditFile } from "./audit-file";

jest.mock("node:fs", () => {
  const real = jest.requireActual("node:fs");
  return { ...real, fdatasync: jest.fn(real.fdatasync) };
});
const forcing = fdatasync as unknown as jest.Mock;

describe("AuditFile", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "audit-file-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const opened = (): AuditFile => {
    const file = new AuditFile(directory);
    file.open();
    return file;
  };
  const append = (file: AuditFile, lines: string): void => file.append(Buffer.from(lines));
  const textsOf = (file: AuditFile, from = 0): string[] => file.read(from, 1_000_000).map(({ text }) => text);

  it("has every record again without having been closed, and goes on behind them under the same name", () => {
    const first = opened();
    append(first, '{"a":1}\n{"ä":2}\n');
    const second = opened();
    expect([second.node, second.end]).toEqual([first.node, first.end]);
    append(second, '{"a":3}\n');
    expect(textsOf(second)).toEqual(['{"a":1}', '{"ä":2}', '{"a":3}']);
    const [, record] = second.read(0, 1_000);
    expect(textsOf(second, record?.position)).toEqual(['{"ä":2}', '{"a":3}']);
  });

  it("cuts off half a record that a killed process has left", () => {
    append(opened(), '{"a":1}\n');
    const [segment] = readdirSync(directory).filter((name) => name.endsWith("jsonl"));
    appendFileSync(join(directory, segment as string), '{"half":');
    const file = opened();
    append(file, '{"a":2}\n');
    expect(textsOf(file)).toEqual(['{"a":1}', '{"a":2}']);
  });

  it("begins segments, reads across them, and lets go of what somebody else has", () => {
    const file = opened();
    const large = `{"x":"${"y".repeat(1_048_576)}"}\n`.repeat(65);
    append(file, large);
    append(file, '{"second":1}\n');
    expect(readdirSync(directory).filter((name) => name.endsWith("jsonl"))).toHaveLength(2);
    const beginOfSecond = file.end - '{"second":1}\n'.length;
    expect(textsOf(file, beginOfSecond)).toEqual(['{"second":1}']);
    expect(file.read(0, 10)).toHaveLength(1);
    file.release(beginOfSecond - 1);
    expect(file.begin).toBe(0);
    file.release(beginOfSecond);
    expect(file.begin).toBe(beginOfSecond);
    expect(textsOf(file, 0)).toEqual(['{"second":1}']);
  });

  it("forces records to the disk again after the disk has refused to", async () => {
    const file = opened();
    const refused: string[] = [];
    const sync = () => file.sync((error) => refused.push(error.message));
    const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
    append(file, '{"a":1}\n');
    forcing.mockImplementationOnce((_file, done) => done(Object.assign(new Error("EIO: i/o error"), { code: "EIO" })));
    sync();
    expect(refused).toEqual(["EIO: i/o error"]);
    sync();
    await settle();
    expect(forcing).toHaveBeenCalledTimes(2);
    sync();
    await settle();
    expect(forcing).toHaveBeenCalledTimes(2);
    file.close();
  });
});
