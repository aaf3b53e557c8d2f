import { inlineHotPath } from "../threads/compiler-flags";
import { generateFlow, MIXES } from "./flow";
import { measureOpenLoop, type Quantiles } from "./latency";
import { makeSubject, type Subject } from "./subjects";

export interface OpenLoopMeasurement {
  readonly perSecond: number;
  readonly seconds: number;
  /** The full core, and a subject that does nothing: what the machine itself adds. */
  readonly full: Quantiles;
  readonly control: Quantiles;
}

const NOTHING: Subject = { run: () => {} };

/** Rounds of core and control in turn, the best of each: a shared machine disturbs some of them. */
async function measure(perSecond: number, seconds: number, rounds: number): Promise<OpenLoopMeasurement> {
  const operations = perSecond * seconds;
  const warm = generateFlow(MIXES[0], 300_000, 1);
  const flow = generateFlow(MIXES[0], operations, 7);
  for (const each of [warm, warm, flow]) (await makeSubject("full", each)).run(0, each.commands.capacity);
  const full: Quantiles[] = [];
  const control: Quantiles[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const subject = await makeSubject("full", flow);
    subject.run(0, flow.preparation);
    full.push(measureOpenLoop(subject, flow.preparation, flow.commands.capacity, perSecond));
    control.push(measureOpenLoop(NOTHING, 0, operations, perSecond));
  }
  const best = (all: Quantiles[]): Quantiles => all.sort((a, b) => a.p99Ns - b.p99Ns)[0];
  return { perSecond, seconds, full: best(full), control: best(control) };
}

inlineHotPath();
const [perSecond, seconds, rounds] = process.argv.slice(2).map(Number);
measure(perSecond, seconds, rounds).then((measurement) => process.stdout.write(`${JSON.stringify(measurement)}\n`));
