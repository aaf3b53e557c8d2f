import { readFileSync } from "node:fs";
import { endWithout, suiteThatNeeds } from "./needs";
import { repositoryFiles } from "./repository-files";

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
    const skipping = repositoryFiles("*.ts").filter(
      (file) =>
        !file.startsWith("packages/testing/needs") && /\b(describe|it|test)\.skip\b/.test(readFileSync(file, "utf8")),
    );
    expect(skipping).toEqual([]);
  });
});

describe("a program that is a test and needs an outside one", () => {
  const end = (isCi: boolean) => {
    const lines: string[] = [];
    const log = jest.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const before = process.exitCode;
    process.exitCode = undefined;
    endWithout("test:sample", "no QEMU; install it", isCi);
    const { exitCode } = process;
    process.exitCode = before;
    log.mockRestore();
    return { exitCode, lines };
  };

  it("is skipped at home, and fails in CI", () => {
    expect(end(false)).toEqual({
      exitCode: undefined,
      lines: ["test:sample: skipped: no QEMU; install it", "0 passed, 0 failed, 1 skipped"],
    });
    expect(end(true)).toEqual({
      exitCode: 1,
      lines: ["test:sample: failed: no QEMU; install it", "0 passed, 1 failed"],
    });
  });
});
