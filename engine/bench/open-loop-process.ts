import { inlineHotPath } from "../threads/compiler-flags";
import { mixNamed } from "./flow";
import { type Plan, readFlow } from "./flow-file";
import { measureOpenLoop } from "./latency";
import { makeSubject, type SubjectName } from "./subjects";
import { warmUp } from "./warm-up";

/** `open-loop-process <subject> <mix> <file> <plan> <operations a second>`: the flow's last part at an even pace. */
async function measure(name: SubjectName, mix: string, file: string, plan: Plan, perSecond: number): Promise<void> {
  const flow = readFlow(file, mixNamed(mix), plan);
  const subject = await makeSubject(name, flow.commands);
  await warmUp(subject, flow);
  const quantiles = measureOpenLoop(subject, flow.latency, flow.end, perSecond);
  process.stdout.write(`${JSON.stringify(quantiles)}\n`);
}

inlineHotPath();
const [name, mix = "", file = "", plan = "", perSecond] = process.argv.slice(2);
void measure(name as SubjectName, mix, file, JSON.parse(plan), Number(perSecond));
