import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import { parseAllDocuments } from "yaml";
import { synthesizeManifests } from "./platform";
import { EVERY_SITE } from "./testing/every-site";

describe("cdk8s synth", () => {
  it("prints every region's objects, the same ones that the stacks deploy", () => {
    const folder = mkdtempSync(join(tmpdir(), "dist-"));
    const { status } = runTool("node_modules/.bin/tsx", ["charts/main.ts"], {
      env: { ...process.env, CDK8S_OUTDIR: folder },
    });
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(EVERY_SITE.map(([name]) => `${name.replace("/", "-")}.k8s.yaml`).sort());
    for (const [name, environment, region] of EVERY_SITE) {
      const text = readFileSync(join(folder, `${name.replace("/", "-")}.k8s.yaml`), "utf8");
      const printed = parseAllDocuments(text, { version: "1.1" }).map((document) => document.toJS());
      expect(printed).toEqual(synthesizeManifests(environment, region));
    }
    rmSync(folder, { recursive: true });
  }, 60_000);

  it.each(EVERY_SITE)("gives %s the same objects in the same order each time", (_, environment, region) => {
    expect(JSON.stringify(synthesizeManifests(environment, region))).toBe(
      JSON.stringify(synthesizeManifests(environment, region)),
    );
  });
});
