import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { suiteThatNeeds } from "./needs";

describe("a suite that needs an outside program", () => {
  it("runs where all is there", () => {
    expect(suiteThatNeeds(undefined, true)).toBe(describe);
    expect(suiteThatNeeds(undefined, false)).toBe(describe);
  });

  it("is skipped where something is missing, and says what", () => {
    const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(suiteThatNeeds("no Terraform; install it", false)).toBe(describe.skip);
    expect(written).toHaveBeenCalledWith("skipped: no Terraform; install it\n");
    written.mockRestore();
  });

  it("is neither skipped nor run in CI, where its test fails", () => {
    expect(suiteThatNeeds("no Terraform", true)).not.toBe(describe);
    expect(suiteThatNeeds("no Terraform", true)).not.toBe(describe.skip);
  });

  it("is skipped nowhere else", () => {
    const tests = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
      encoding: "utf8",
    });
    const skipping = tests
      .trim()
      .split("\n")
      .filter(
        (file) => !file.startsWith("test/needs") && /\b(describe|it|test)\.skip\b/.test(readFileSync(file, "utf8")),
      );
    expect(skipping).toEqual([]);
  });
});
