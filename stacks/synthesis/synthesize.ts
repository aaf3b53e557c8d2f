import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile } from "@hft/toolkit";
import { App } from "cdktf";
import { synthesizeManifests } from "../../charts";
import { loadEnvironments } from "../../environments";
import { CHECKS } from "../checks";
import { buildEnvironment } from "../environment-stacks";
import type { SynthesizedEnvironment, SynthesizedStack, TerraformJson } from "./synthesized";

/** A rule that spans layers was broken. Its message has one finding a line. */
export class InconsistentPlatform extends Error {
  constructor(readonly findings: readonly string[]) {
    super(findings.join("\n"));
    this.name = "InconsistentPlatform";
  }
}

/**
 * Synthesizes environments into a directory for cdktf. Everything is built and checked beside it first:
 * when something is wrong, the directory stays as it was.
 * @param inputs environments by file name, not yet checked
 * @param directory usually `cdktf.out`
 * @throws InvalidEnvironments or InconsistentPlatform, with all findings
 */
export function synthesize(inputs: Readonly<Record<string, unknown>>, directory: string): SynthesizedEnvironment[] {
  const environments = loadEnvironments(inputs);
  // cdktf captures a stack trace for every token; mapping them back to TypeScript would take a fifth of the synthesis.
  process.setSourceMapsEnabled(false);
  mkdirSync(dirname(join(directory, ".")), { recursive: true });
  const draft = mkdtempSync(`${directory}.draft-`);
  try {
    const app = new App({ outdir: draft, stackTraces: false });
    const built = environments.map((environment) => {
      const manifests = new Map(
        environment.regions.map(({ name }) => [name, synthesizeManifests(environment, name)] as const),
      );
      return { environment, manifests, stacks: buildEnvironment(app, environment, manifests) };
    });
    app.synth();
    const described = built.map(({ environment, manifests, stacks }) => ({
      environment,
      manifests,
      names: stacks.map(({ node: { id } }) => id),
    }));
    // One environment at a time, so that only one is held in memory beside the constructs.
    const findings = described.flatMap(({ names, ...each }) => {
      const stacks = names.map((name) => ({ name, json: readStack(draft, name) }));
      return CHECKS.flatMap((check) => check({ ...each, stacks }));
    });
    if (findings.length > 0) throw new InconsistentPlatform(findings);
    publish(draft, directory);
    return described.map(({ names, ...each }) => ({
      ...each,
      stacks: names.map((name) => readLater(directory, name)),
    }));
  } finally {
    rmSync(draft, { recursive: true, force: true });
    process.setSourceMapsEnabled(true);
  }
}

function readStack(directory: string, name: string): TerraformJson {
  return JSON.parse(readFileSync(join(directory, "stacks", name, "cdk.tf.json"), "utf8"));
}

/** A stack that is read when somebody asks for it. */
function readLater(directory: string, name: string): SynthesizedStack {
  let json: TerraformJson | undefined;
  return {
    name,
    get json() {
      json ??= readStack(directory, name);
      return json;
    },
  };
}

/** Where cdktf puts what a stack uploads. */
const ASSETS = "assets";

/**
 * Moves files one by one, so that what Terraform keeps beside a stack stays; the manifest, which makes them count,
 * last.
 */
function publish(draft: string, directory: string): void {
  for (const stack of readdirSync(join(draft, "stacks"))) {
    for (const file of readdirSync(join(draft, "stacks", stack))) {
      const target = join(directory, "stacks", stack, file);
      mkdirSync(dirname(target), { recursive: true });
      // A folder of assets cannot be renamed onto the one of before.
      if (file === ASSETS) rmSync(target, { recursive: true, force: true });
      renameSync(join(draft, "stacks", stack, file), target);
    }
  }
  replaceFile(join(directory, "manifest.json"), readFileSync(join(draft, "manifest.json")));
}
