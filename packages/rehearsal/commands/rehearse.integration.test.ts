import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { requires } from "@hft/testing";
import { runProgram } from "@hft/toolkit";
import { synthesizeSample } from "../sample/sample-platform";

const suite = requires("terraform");
/** Three seconds alone, up to a minute when all rooms' tests run on two cores. */
const TIMEOUT_MS = 180_000;

/** A folder in which `rehearse` finds a project: its app copies a tree that is synthesized already. */
function project(): string {
  const root = mkdtempSync(join(tmpdir(), "rehearse-"));
  synthesizeSample(join(root, "synthesized"));
  mkdirSync(join(root, "project"));
  const app = `mkdir -p $CDKTF_OUTDIR && cp -R ${join(root, "synthesized")}/. $CDKTF_OUTDIR`;
  writeFileSync(join(root, "project", "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  return root;
}

suite("the command", () => {
  const root = project();
  afterAll(() => rmSync(root, { recursive: true }));

  function rehearse(...parameters: string[]) {
    const command = ["--import", require.resolve("tsx"), resolve("packages/rehearsal/commands/main.ts"), ...parameters];
    return runProgram(process.execPath, command, { cwd: join(root, "project") });
  }

  it(
    "deploys an environment, shows what stands, and forgets it",
    async () => {
      const deployed = await rehearse("deploy", "sample");
      expect(deployed).toMatchObject({ status: 0 });
      expect(deployed.stdout).toMatch(/Deployed 5 of 5 stacks in [\d.]+ s: 13 added, 0 changed, 0 destroyed\./);
      expect(deployed.stdout).toContain("Simulated");
      const status = await rehearse("status", "--json");
      expect(JSON.parse(status.stdout)).toMatchObject({ simulated: true, objects: 14, lostRegions: [] });
      const mars = await rehearse("lose-region", "mars-1");
      expect(mars).toMatchObject({ status: 1, stderr: "nothing is deployed in mars-1; choose one of: eu-west-1\n" });
      expect(await rehearse("reset")).toMatchObject({ status: 0 });
      expect((await rehearse("status")).stdout).toContain("Nothing is deployed.");
      const destroyed = await rehearse("destroy", "sample");
      expect(destroyed).toMatchObject({ status: 0 });
      expect(destroyed.stdout).toContain("there is nothing to destroy");
    },
    TIMEOUT_MS,
  );

  it(
    "answers a mistake with one readable message",
    async () => {
      const unknown = await rehearse("deploy", "atlantis");
      expect(unknown).toMatchObject({ status: 1, stdout: "" });
      expect(unknown.stderr).toMatch(/^no stack is called "atlantis-\*"; there are sample-state, /);
      const call = await rehearse("deploy", "sample", "--fail", "aws_vpc");
      expect(call.stderr).toMatch(/^--fail aws_vpc: write a resource type, an action/);
    },
    TIMEOUT_MS,
  );
});
