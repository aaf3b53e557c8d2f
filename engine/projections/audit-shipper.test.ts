import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SqlClient } from "../adapters/sql";
import { AuditFile } from "../audit/audit-file";
import { AuditShipper } from "./audit-shipper";

describe("AuditShipper", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "audit-shipper-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("sends nothing that a loss of power could take back: its place would be given to another record", async () => {
    const file = new AuditFile(directory);
    file.open();
    let disk = () => {};
    const forced = new Promise<void>((resolve) => {
      disk = resolve;
    });
    jest.spyOn(file, "force").mockImplementation(async () => {
      // Comes while the disk works, and waits for the next turn of it.
      if (file.end === FIRST.length) file.append(Buffer.from('{"later":1}\n'));
      await forced;
    });
    const sent: string[] = [];
    const query = async (text: string, values: unknown[] = []) => {
      if (text.startsWith("INSERT")) sent.push(String(values[2]));
      return [];
    };
    const client = { query } as unknown as SqlClient;
    const log = { error: () => {}, info: () => {} } as never;
    const shipper = new AuditShipper({ client, partition: 0, file, ready: () => true, refused: { value: 0 }, log });
    file.append(Buffer.from(FIRST));
    shipper.start();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent).toEqual([]);
    disk();
    await shipper.stop(5_000);
    file.close();
    expect(sent).toEqual(['[{"position":0,"first":1}]', `[{"position":${FIRST.length},"later":1}]`]);
  });
});

const FIRST = '{"first":1}\n';
