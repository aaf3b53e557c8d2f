import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { endWithout, findTool } from "@hft/testing";
import Table from "cli-table3";
import colours from "picocolors";
import { baseImage } from "./base-image";
import { composeRun } from "./compose-run";
import { ContainerTools, TOOLS } from "./container-tools";
import { buildEngineImage, inspectImage } from "./engine-image";
import { type Check, liveTwice } from "./life";
import { podRun } from "./pod-run";
import { podUnderTest } from "./pod-under-test";

/** What the engine adds to its base. A pod that comes to another node waits for these bytes. */
const ADDED_MAX_BYTES = 60_000_000;
const IMAGE = "localhost/hft-engine";
const COMPOSE_FILE = "engine/compose/compose.yaml";

const stepTimes: string[] = [];

async function timed<T>(step: string, work: () => T | Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await work();
  stepTimes.push(`${step} ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return result;
}

/** Builds the engine's image twice, and runs it as the pod of the manifests and as the service of the compose file. */
async function main(): Promise<void> {
  const missing = whatIsMissing();
  if (missing) return endWithout("test:image", missing);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "hft-platform/image");
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), "hft-image-test-"));
  try {
    print(await allChecks(new ContainerTools(cache), cache, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root, to make a Debian base and to own files as the kubelet does";
  const missing = Object.keys(TOOLS).filter((tool) => !findTool(tool));
  return missing.length > 0 ? `${missing.join(", ")} not installed; run test/image/install.sh` : undefined;
}

async function allChecks(tools: ContainerTools, cache: string, scratch: string): Promise<Check[]> {
  const base = await timed("base", () => baseImage(tools, cache));
  const [one, other] = await timed("two builds", () =>
    Promise.all([buildEngineImage(tools, `${IMAGE}:one`, base), buildEngineImage(tools, `${IMAGE}:other`, base)]),
  );
  const added = one.bytes - inspectImage(tools, base).bytes;
  const image: Check[] = [
    {
      what: "size",
      seen: `${megabytes(added)} on a base of ${megabytes(one.bytes - added)}`,
      holds: added <= ADDED_MAX_BYTES,
    },
    {
      what: "two builds have the same content",
      seen: [...new Set([one.id, other.id])].map((id) => id.slice(0, 12)).join(" and "),
      holds: one.id === other.id && `${one.layers}` === `${other.layers}`,
    },
  ];
  const { objects, contents } = podUnderTest();
  const asPod = podRun(objects, contents, join(scratch, "pod"));
  const volumes = `hft-image-test-${process.pid}`;
  const asService = composeRun(COMPOSE_FILE, volumes, join(scratch, "compose"));
  try {
    const lives = [
      await timed("pod", () => liveTwice(tools, one.name, asPod)),
      await timed("compose", () => liveTwice(tools, one.name, asService)),
    ];
    return [...image, ...lives.flat()];
  } finally {
    for (const name of volumesOf(tools, volumes)) tools.podman("volume", "rm", "--force", name);
    tools.podman("image", "prune", "--force");
  }
}

function volumesOf(tools: ContainerTools, prefix: string): string[] {
  return tools
    .podman("volume", "ls", "--quiet")
    .split("\n")
    .filter((name) => name.startsWith(prefix));
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

function print(checks: readonly Check[]): void {
  const table = new Table({ head: ["of the image", "seen", ""], style: { head: [], border: [] }, wordWrap: true });
  for (const { what, seen, holds } of checks) {
    table.push([what, seen, holds ? colours.green("ok") : colours.red("FAILED")]);
  }
  console.log(table.toString());
  console.log(`took ${stepTimes.join(", ")}`);
  const failed = checks.filter(({ holds }) => !holds).length;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(`test:image: ${error.message}`);
  process.exitCode = 1;
});
