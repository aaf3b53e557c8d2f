import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { runTool, toolOutput } from "@hft/testing";
import { environmentInputs } from "../../environments";
import { anEnvironment } from "../../environments/testing";
import { synthesize } from "./synthesize";

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "hft-synthesis-"));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const output = () => join(scratch, "cdktf.out");

/** Every file under a directory, by its path from there, with the hash of its content. */
function contentOf(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(directory, file), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );
}

describe("synthesize", () => {
  const environments = { development: anEnvironment("development") };
  let good: string;
  beforeAll(() => {
    good = mkdtempSync(join(tmpdir(), "hft-synthesis-good-"));
    synthesize(environments, join(good, "cdktf.out"));
  });
  afterAll(() => rmSync(good, { recursive: true }));

  it("gives the same files for the same environments, byte for byte", () => {
    synthesize(environments, output());
    expect(contentOf(scratch)).toEqual(contentOf(good));
    expect(Object.keys(contentOf(good)).length).toBeGreaterThan(8);
  });

  it("writes nothing, and leaves no draft, when an environment is broken", () => {
    const broken = anEnvironment("development", (draft) => {
      draft.activeRegion = "nowhere";
    });
    expect(() => synthesize({ development: broken }, output())).toThrow("activeRegion");
    expect(readdirSync(scratch)).toEqual([]);
  });

  it("leaves the last good synthesis as it was when a check across layers fails", () => {
    cpSync(good, scratch, { recursive: true });
    const tooSmall = anEnvironment("development", (draft) => {
      draft.gateway = { min: 1, max: 400 };
    });
    expect(() => synthesize({ development: tooSmall }, output())).toThrow(
      /HFT-SYN-007 development\/eu-west-1\/general: at full scale its pods request/,
    );
    expect(contentOf(scratch)).toEqual(contentOf(good));
    expect(readdirSync(scratch)).toEqual(["cdktf.out"]);
  });

  it("names nothing of this machine", () => {
    const files = Object.keys(contentOf(good)).filter((file) => file.endsWith(".json"));
    expect(files.filter((file) => readFileSync(join(good, file), "utf8").includes(process.cwd()))).toEqual([]);
  });
});

describe("the cdktf app", () => {
  it("exits with 1 and one readable line a mistake, without a stack trace", () => {
    const app = `
      require("./environments/development").development.activeRegion = "us-east-1";
      require("./stacks/main");
    `;
    const { status, stdout, stderr } = runTool(join("node_modules", ".bin", "tsx"), ["-e", app], {
      env: { ...process.env, CDKTF_OUTDIR: output() },
    });
    expect({ status, stdout, stderr: stderr.trim() }).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "HFT-REG-003 environments/development.ts activeRegion: us-east-1 is not described; choose one of eu-west-1",
    });
    expect(existsSync(output())).toBe(false);
  });
});

describe("cdktf list", () => {
  it("knows every stack of every environment", () => {
    const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
    const listed = toolOutput("npx", ["cdktf", "list", "--output", output()], { env });
    for (const name of Object.keys(environmentInputs)) expect(listed).toContain(`${name}-edge`);
  });
});
