import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryFiles, toolOutput } from "@hft/testing";

/**
 * cdktf was archived on 2025-12-10; CDK Terrain (`cdktn`) is its living fork. This shows that the same code runs on it:
 * a copy of the repository is installed with `cdktf` as an alias of the fork, both are synthesized, and every stack
 * must be the same but for the version stamp. `npm run check:fork`, about two minutes.
 */
const FORK = "npm:cdktn@0.24.0";

function synthesizeIn(directory: string, output: string): void {
  const tsx = join(directory, "node_modules", ".bin", "tsx");
  toolOutput(tsx, ["stacks/main.ts"], {
    cwd: directory,
    env: { ...process.env, CDKTF_OUTDIR: output },
  });
}

function copyWithFork(target: string): void {
  for (const file of repositoryFiles()) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(file, join(target, file));
  }
  const path = join(target, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  manifest.dependencies.cdktf = FORK;
  manifest.overrides.cdktf = FORK;
  delete manifest.devDependencies["cdktf-cli"];
  writeFileSync(path, JSON.stringify(manifest, null, 2));
  rmSync(join(target, "package-lock.json"));
  toolOutput("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: target });
}

/** Stacks by name, without the stamp of the library that wrote them. */
function stacksIn(output: string): Map<string, string> {
  const stacks = join(output, "stacks");
  return new Map(
    readdirSync(stacks).map((name) => {
      const stack = JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8"));
      delete stack["//"].metadata.version;
      return [name, JSON.stringify(stack)];
    }),
  );
}

/** Where two texts part, with what stands there in both. */
function firstDifference(one = "", other = ""): string {
  const at = [...one].findIndex((character, index) => character !== other[index]);
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  return `${around(one)} ≠ ${around(other)}`;
}

const scratch = mkdtempSync(join(tmpdir(), "hft-fork-"));
try {
  const copy = join(scratch, "repository");
  mkdirSync(copy);
  copyWithFork(copy);
  synthesizeIn(process.cwd(), join(scratch, "cdktf"));
  synthesizeIn(copy, join(scratch, "cdktn"));
  const [original, fork] = [stacksIn(join(scratch, "cdktf")), stacksIn(join(scratch, "cdktn"))];
  const names = new Set([...original.keys(), ...fork.keys()]);
  const different = [...names].filter((name) => original.get(name) !== fork.get(name));
  console.log(
    `${names.size} stacks on cdktf and on ${FORK}: ${names.size - different.length} the same, ${different.length} different`,
  );
  for (const name of different) {
    console.log(`  ${name}: ${firstDifference(original.get(name), fork.get(name))}`);
  }
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
