import { existsSync, readFileSync } from "node:fs";
import { type ProgramFailed, runProgram } from "@hft/toolkit";
import type { Kernel } from "./kernel";

export interface VirtualMachine {
  readonly kernel: Kernel;
  readonly initramfs: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Arguments under test, as they stand on the kernel's command line. */
  readonly kernelArguments: readonly string[];
  /** File that gets the guest's console. */
  readonly console: string;
  readonly timeoutMs: number;
}

/** What only the test needs: a console, silence on it, and an end instead of a hang when the kernel fails. */
const ARGUMENTS_OF_THE_TEST = ["console=ttyS0", "loglevel=4", "panic=-1"];

/**
 * Boots a machine without network and disk, in software, and returns what the guest wrote to its second serial line.
 * @throws with the end of the console when the guest dies or does not finish
 */
export async function boot(machine: VirtualMachine): Promise<string> {
  const { status, stdout, stderr } = await runProgram("qemu-system-x86_64", qemuArguments(machine), {
    timeoutMs: machine.timeoutMs,
    ending: [{ signal: "SIGKILL", afterMs: 0 }],
  }).catch((error: ProgramFailed) => {
    throw new Error(`${error.message}\n${consoleOf(machine)}`);
  });
  if (status === 0 && stdout.includes("\n")) return stdout;
  throw new Error(`the guest ended with ${status} without a report\n${stderr}${consoleOf(machine)}`);
}

function consoleOf(machine: VirtualMachine): string {
  return existsSync(machine.console) ? readFileSync(machine.console, "utf8").split("\n").slice(-30).join("\n") : "";
}

function qemuArguments({ kernel, initramfs, cpus, memoryMiB, kernelArguments, console }: VirtualMachine): string[] {
  return [
    ["-machine", "q35"],
    ["-accel", "tcg,thread=multi"],
    ["-cpu", "max"],
    ["-smp", `${cpus},sockets=1,cores=${cpus},threads=1`],
    ["-m", `${memoryMiB}`],
    ["-nodefaults", "-no-reboot", "-display", "none"],
    ["-serial", `file:${console}`],
    ["-serial", "stdio"],
    ["-kernel", kernel.image],
    ["-initrd", initramfs],
    ["-append", [...kernelArguments, ...ARGUMENTS_OF_THE_TEST].join(" ")],
  ].flat();
}
