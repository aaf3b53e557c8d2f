import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { COMMAND_BYTES, COMMAND_WORDS } from "../protocol/command";
import { RecordBuffer } from "../protocol/record-buffer";
import { generateFlow, type Mix } from "./flow";

/** Operations of each part of a flow. All go through one book, one part after the other. */
export interface Plan {
  /** So that V8 has optimised everything before something is measured. */
  readonly warmUp: number;
  readonly throughput: number;
  readonly latency: number;
}

export const WARM_UP = 600_000;

/** A flow, and where its parts begin. */
export interface PlannedFlow {
  readonly commands: RecordBuffer;
  /** First commands of the parts; before the first one, the book is filled. */
  readonly warmUp: number;
  readonly throughput: number;
  readonly latency: number;
  readonly end: number;
}

/** Generated once and read by every process that measures, so all of them do the same. */
export function writeFlow(file: string, mix: Mix, plan: Plan, seed: number): void {
  const { commands } = generateFlow(mix, plan.warmUp + plan.throughput + plan.latency, seed);
  writeFileSync(file, commands.bytes);
}

export function readFlow(file: string, mix: Mix, plan: Plan): PlannedFlow {
  const warmUp = mix.restingOrders;
  const throughput = warmUp + plan.warmUp;
  const latency = throughput + plan.throughput;
  const end = latency + plan.latency;
  const commands = RecordBuffer.allocate(end, COMMAND_WORDS);
  const descriptor = openSync(file, "r");
  let read = 0;
  while (read < end * COMMAND_BYTES) {
    const more = readSync(descriptor, commands.bytes, read, end * COMMAND_BYTES - read, read);
    if (more === 0) throw new Error(`${file}: ends after ${read} bytes`);
    read += more;
  }
  closeSync(descriptor);
  return { commands, warmUp, throughput, latency, end };
}
