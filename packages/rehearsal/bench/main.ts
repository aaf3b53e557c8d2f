import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { programOutputSync } from "@hft/toolkit";
import { plainTable } from "../commands/summary";
import { synthesize } from "../commands/synthesize";
import { startRehearsal } from "../start";
import type { Deployment } from "../terraform/deployment";

/** `npm run bench:rehearse`: how long the rehearsed deployments take. Results are committed. */
const RESULTS = "rehearsal/bench/results";
/** What requirement asks, in seconds on two cores, synthesis included. */
const LIMITS_SECONDS: Readonly<Record<string, number>> = { development: 60, production: 180 };
const ANCHOR_ROUNDS = 10;

interface Measurement {
  readonly what: string;
  readonly seconds: number;
  readonly resources: number;
  readonly limitSeconds?: number;
}

/** The anchor: starting Terraform, which every stack does half a dozen times. */
function startTerraform(): number {
  const rounds = Array.from({ length: ANCHOR_ROUNDS }, () => {
    const startedMs = performance.now();
    programOutputSync("terraform", ["version"], {
      env: { ...process.env, TF_CLI_CONFIG_FILE: "", CHECKPOINT_DISABLE: "1" },
    });
    return performance.now() - startedMs;
  });
  return rounds.sort((left, right) => left - right)[Math.floor(rounds.length / 2)]! / 1000;
}

async function measure(environment: string): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-rehearse-"));
  const rehearsal = await startRehearsal({ directory });
  try {
    const startedMs = Date.now();
    const tree = await synthesize(directory);
    const synthesisMs = Date.now() - startedMs;
    const stacks = [`${environment}-*`];
    const first = succeeded(await rehearsal.deployStacks({ tree, stacks }));
    const second = succeeded(await rehearsal.deployStacks({ tree, stacks }));
    const resources = first.stacks.reduce((sum, { added }) => sum + added, 0);
    const changed = second.stacks.reduce((sum, stack) => sum + stack.added + stack.changed + stack.destroyed, 0);
    if (changed > 0) throw new Error(`the second deployment of ${environment} changed ${changed} resources`);
    const seconds = (deployment: Deployment) => (synthesisMs + deployment.durationMs) / 1000;
    const limitSeconds = LIMITS_SECONDS[environment];
    return [
      { what: `deploy ${environment}`, seconds: seconds(first), resources, limitSeconds },
      { what: `deploy ${environment} again`, seconds: seconds(second), resources: 0, limitSeconds },
    ];
  } finally {
    await rehearsal.stop();
    rmSync(directory, { recursive: true });
  }
}

function succeeded(deployment: Deployment): Deployment {
  if (!deployment.succeeded) throw new Error(deployment.errors.join("\n"));
  return deployment;
}

async function main(): Promise<void> {
  const measurements: Measurement[] = [{ what: "start terraform (anchor)", seconds: startTerraform(), resources: 0 }];
  for (const environment of Object.keys(LIMITS_SECONDS)) measurements.push(...(await measure(environment)));
  const rows = measurements.map(({ what, seconds, resources, limitSeconds }) => [
    what,
    seconds.toFixed(2),
    resources,
    limitSeconds ?? "",
  ]);
  console.log(plainTable(["", "seconds", "resources added", "limit"], rows));
  mkdirSync(RESULTS, { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, loadAverage1m: loadavg()[0] };
  const result = { command: "npm run bench:rehearse", machine, measurements };
  writeFileSync(join(RESULTS, "rehearse.json"), `${JSON.stringify(result, undefined, 2)}\n`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
