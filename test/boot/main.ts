import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithout, findTool } from "@hft/testing";
import Table from "cli-table3";
import { Command } from "commander";
import colours from "picocolors";
import { CpuList, formatArgument } from "../../vocabulary";
import { engineMemory, OWN_MAPPING_BYTES } from "../lane/engine-memory";
import { withStandIns } from "../lane/stand-ins";
import { type Observation, observations, type Promised } from "./expectations";
import type { GuestReport } from "./guest/report";
import { guestFiles } from "./guest-files";
import { writeInitramfs } from "./initramfs";
import { findKernel, type Kernel } from "./kernel";
import { type EngineConfigurationFile, type LaneUnderTest, laneUnderTest } from "./lane-under-test";
import { boot } from "./virtual-machine";

const GUEST_MEMORY_MIB = 3_072;
/** A boot takes some 30 s with two emulating cores; anything near this hangs. */
const BOOT_TIMEOUT_MS = 300_000;

/**
 * Boots a kernel with the lane's arguments, runs the engine in it, and compares what is there with what was promised.
 */
async function main(): Promise<void> {
  const { json } = new Command("test:boot")
    .description("boots a kernel with the synthesized lane's arguments and looks at the engine in it")
    .option("--json", "print the observations and the guest's report as JSON")
    .parse()
    .opts<{ json?: boolean }>();
  const missing = whatIsMissing();
  if (typeof missing === "string") return endWithout("test:boot", missing);
  const startedMs = performance.now();
  const lane = laneUnderTest();
  const promised = promisedBy(lane);
  const report = await bootAndWatch(missing, lane, promised);
  const seen = observations(promised, report);
  const failed = seen.filter(({ holds }) => !holds).length;
  if (json) console.log(JSON.stringify({ observations: seen, report }, null, 2));
  else print(lane, promised, report, seen, performance.now() - startedMs);
  if (failed > 0) process.exitCode = 1;
}

function whatIsMissing(): Kernel | string {
  for (const tool of ["qemu-system-x86_64", "busybox", "taskset"]) {
    if (!findTool(tool)) return `${tool} is not installed; run test/boot/install.sh`;
  }
  return findKernel();
}

function promisedBy({ node, engine, engineConfiguration }: LaneUnderTest): Promised {
  const kernelArguments = node.configuration!.kernelArguments;
  const value = (name: string) => kernelArguments.find((argument) => argument.name === name)!.value;
  const isolated = CpuList.tryParse(value("isolcpus").replace(/[a-z_]+,/g, ""))!;
  // The kubelet's static policy gives a container the first CPUs that are not reserved.
  const engineCpus = CpuList.of(isolated.cpus.slice(0, Number(engine.containers[0]!.requests.cpu)));
  return {
    kernelArguments: kernelArguments.map(formatArgument),
    cpus: node.cpus,
    isolated,
    reserved: node.cpus.without(isolated),
    hugepages: node.configuration!.hugepages,
    engineCpus,
    matchingCpu: engineCpus.cpus[engineConfiguration.threads.matching]!,
    engineBuffersMiB: buffersMiB(engineConfiguration),
  };
}

/** Both the matching thread and the follower hold the books. */
function buffersMiB(engineConfiguration: EngineConfigurationFile): number {
  const { ringBytes, stateBytes } = engineMemory(withStandIns(engineConfiguration));
  const large = [...ringBytes, ...stateBytes, ...stateBytes].filter((bytes) => bytes >= OWN_MAPPING_BYTES);
  return large.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20;
}

async function bootAndWatch(kernel: Kernel, lane: LaneUnderTest, promised: Promised): Promise<GuestReport> {
  const scratch = mkdtempSync(join(tmpdir(), "hft-boot-"));
  try {
    const initramfs = join(scratch, "initramfs.cpio");
    writeInitramfs(initramfs, await guestFiles(scratch, lane, `${promised.engineCpus}`));
    const output = await boot({
      kernel,
      initramfs,
      cpus: promised.cpus.count,
      memoryMiB: GUEST_MEMORY_MIB,
      kernelArguments: promised.kernelArguments,
      console: join(scratch, "console.log"),
      timeoutMs: BOOT_TIMEOUT_MS,
    });
    const { report, error } = JSON.parse(output) as { report?: GuestReport; error?: string };
    if (!report) throw new Error(`in the guest: ${error}`);
    return report;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function print(
  lane: LaneUnderTest,
  promised: Promised,
  report: GuestReport,
  seen: Observation[],
  tookMs: number,
): void {
  console.log(
    `${lane.path}: ${lane.node.template.instance_type} emulated, Linux ${report.release}, arguments out of the launch template:`,
  );
  console.log(`  ${promised.kernelArguments.join(" ")}\n`);
  const table = new Table({ head: ["on the node", "synthesized", "seen", ""], style: { head: [], border: [] } });
  for (const { what, expected, seen: value, holds } of seen) {
    table.push([what, expected, value, holds ? colours.green("ok") : colours.red("FAILED")]);
  }
  console.log(table.toString());
  console.log(`timer interrupts in ${report.watchedMs} ms, by CPU: ${report.timerTicks.join(" ")}`);
  console.log(`took ${(tookMs / 1000).toFixed(0)} s`);
  const failed = seen.filter(({ holds }) => !holds).length;
  if (failed > 0) console.log(report.engine.log.join("\n"));
  console.log(`${seen.length - failed} passed, ${failed} failed`);
}

main().catch((error: Error) => {
  console.error(`test:boot: ${error.message}`);
  process.exitCode = 1;
});
