import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOnce } from "./create-once";

describe("a file that is made once", () => {
  it("keeps what the first has written, for its owner's eyes only, and leaves nothing else", () => {
    const directory = mkdtempSync(join(tmpdir(), "hft-once-"));
    const path = join(directory, "data", "token-key");
    createOnce(path, "first");
    createOnce(path, "second");
    expect(readFileSync(path, "utf8")).toBe("first");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, "data"))).toEqual(["token-key"]);
    rmSync(directory, { recursive: true });
  });
});
