import type { PlannedFlow } from "./flow-file";
import type { Subject } from "./subjects";

const PARTS = 6;
const PAUSE_MS = 250;

/** Fills the book and warms up, with pauses in which V8's compiling threads finish what is hot. */
export async function warmUp(subject: Subject, flow: PlannedFlow): Promise<void> {
  subject.run(0, flow.warmUp);
  const part = Math.ceil((flow.throughput - flow.warmUp) / PARTS);
  for (let from = flow.warmUp; from < flow.throughput; from += part) {
    subject.run(from, Math.min(from + part, flow.throughput));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
