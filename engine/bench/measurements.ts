import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MIXES, type Mix } from "./flow";
import { type Plan, WARM_UP } from "./flow-file";
import { calmest, type OpenLoopQuantiles } from "./latency";
import type { Processes } from "./processes";
import type { RecoveryMeasurement } from "./recovery-process";
import type { Measurement } from "./subject-process";
import type { SubjectName } from "./subjects";

export const OWN: readonly SubjectName[] = ["core", "full"];
export const ANCHORS: readonly SubjectName[] = ["nodejs-order-book", "hft-limit-order-book"];
/** The libraries take ten seconds and more for what the core does in a quarter of one. */
const ANCHOR_ROUNDS = 2;

const OPEN_LOOP_PER_SECOND = 100_000;
const OPEN_LOOP_SECONDS = 5;
/** One minute at 100,000 a second. */
const RECOVERED_COMMANDS = 6_000_000;

export interface OpenLoopMeasurement {
  readonly perSecond: number;
  readonly seconds: number;
  /** The full core, and a subject that does nothing: what the machine itself adds. */
  readonly full: OpenLoopQuantiles;
  readonly control: OpenLoopQuantiles;
}

export interface Repetitions {
  readonly operations: number;
  /** How often each thing is measured; the best round counts: others disturb rounds, and never help one. */
  readonly rounds: number;
}

export async function measureThroughput(processes: Processes, repetitions: Repetitions): Promise<Measurement[]> {
  const plan: Plan = { warmUp: WARM_UP, throughput: repetitions.operations, latency: repetitions.operations / 4 };
  const results: Measurement[] = [];
  for (const mix of MIXES) results.push(...(await measureMix(processes, mix, plan, repetitions.rounds)));
  return results;
}

async function measureMix(processes: Processes, mix: Mix, plan: Plan, rounds: number): Promise<Measurement[]> {
  const file = await writeFlow(processes, mix, plan);
  const measured: Measurement[] = [];
  // In turn, so that all see the same machine.
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of round < ANCHOR_ROUNDS ? [...OWN, ...ANCHORS] : OWN) {
      measured.push(await processes.run<Measurement>("subject-process", subject, mix.name, file, JSON.stringify(plan)));
    }
  }
  rmSync(file);
  return [...OWN, ...ANCHORS].map((subject) => bestOf(measured.filter((m) => m.subject === subject)));
}

/** The best throughput and the best latencies, but the most garbage collections. */
function bestOf(rounds: readonly Measurement[]): Measurement {
  const fastest = [...rounds].sort((a, b) => b.opsPerSecond - a.opsPerSecond)[0]!;
  const collections = Math.max(...rounds.map((round) => round.collections));
  return { ...fastest, collections, closedLoop: calmest(rounds.map((round) => round.closedLoop)) };
}

async function writeFlow(processes: Processes, mix: Mix, plan: Plan): Promise<string> {
  const file = join(processes.data, `${mix.name}.flow`);
  await processes.run("flow-process", mix.name, file, JSON.stringify(plan));
  return file;
}

/** Core and control in turn, the best round of each. */
export async function measureOpenLoop(processes: Processes, rounds: number): Promise<OpenLoopMeasurement> {
  const plan: Plan = { warmUp: WARM_UP, throughput: 0, latency: OPEN_LOOP_PER_SECOND * OPEN_LOOP_SECONDS };
  const mix = MIXES[0]!;
  const file = await writeFlow(processes, mix, plan);
  const measured: { subject: SubjectName; quantiles: OpenLoopQuantiles }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of ["full", "nothing"] as const) {
      const options = [subject, mix.name, file, JSON.stringify(plan), OPEN_LOOP_PER_SECOND];
      measured.push({ subject, quantiles: await processes.run<OpenLoopQuantiles>("open-loop-process", ...options) });
    }
  }
  rmSync(file);
  const best = (wanted: SubjectName): OpenLoopQuantiles => {
    const rounds = measured.filter(({ subject }) => subject === wanted).map(({ quantiles }) => quantiles);
    return {
      whole: calmest(rounds.map(({ whole }) => whole)),
      calmestSecond: calmest(rounds.map(({ calmestSecond }) => calmestSecond)),
    };
  };
  return {
    perSecond: OPEN_LOOP_PER_SECOND,
    seconds: OPEN_LOOP_SECONDS,
    full: best("full"),
    control: best("nothing"),
  };
}

export async function measureRecovery(processes: Processes, rounds: number): Promise<RecoveryMeasurement> {
  const directory = join(processes.data, "recovery");
  mkdirSync(directory);
  await processes.run("journal-process", directory, RECOVERED_COMMANDS);
  const measured: RecoveryMeasurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await processes.run<RecoveryMeasurement>("recovery-process", directory));
  }
  const best = measured.sort((a, b) => a.recoveryMs - b.recoveryMs)[0]!;
  if (best.commands !== RECOVERED_COMMANDS) throw new Error(`recovered ${best.commands} of ${RECOVERED_COMMANDS}`);
  return best;
}
