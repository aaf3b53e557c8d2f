import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binaryLoad } from "./binary-load";
import { type MemorySample, memoryGraph } from "./memory-graph";
import { startSubject } from "./subject-process";

const DEFAULT_SECONDS = 300;
const COMMANDS_PER_FRAME = 50;
const WINDOW_FRAMES = 64;
const SAMPLE_EVERY_MS = 1_000;
/** Until then heap, rings and maps take the memory that they were promised; measured over five minutes. */
const WARM_UP_SHARE = 2 / 3;
/** Growth over the rest of the run that is still called flat. */
const GROWTH_MAX_SHARE = 0.05;
const GRAPH = join(__dirname, "../../../docs/images/engine-soak.svg");

/**
 * Orders at full speed for a while; fails when memory grows. An hour at 10,000 orders a second is 36 million commands.
 */
async function main(seconds: number): Promise<void> {
  const engine = await startSubject();
  const samples: MemorySample[] = [];
  const startedMs = performance.now();
  const sampler = setInterval(() => {
    const status = readFileSync(`/proc/${engine.process.pid}/status`, "utf8");
    const rssMiB = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    samples.push({ seconds: (performance.now() - startedMs) / 1000, rssMiB });
  }, SAMPLE_EVERY_MS);
  const { done } = await binaryLoad(
    `${engine.url.replace("http", "ws")}/ws`,
    engine.tokens[0],
    { commandsPerFrame: COMMANDS_PER_FRAME, windowFrames: WINDOW_FRAMES },
    seconds,
  );
  clearInterval(sampler);
  engine.process.send("end");
  await once(engine.process, "exit");
  const settled = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const middle = Math.floor(settled.length / 2);
  const growth = lowest(settled.slice(middle)) / lowest(settled.slice(0, middle)) - 1;
  mkdirSync(join(GRAPH, ".."), { recursive: true });
  writeFileSync(GRAPH, memoryGraph(samples, `${done.toLocaleString("en")} commands in ${seconds} s`));
  process.stdout.write(
    `${done} commands, ${Math.round(done / seconds)}/s; memory ${(growth * 100).toFixed(1)} % after warm-up; ${GRAPH}\n`,
  );
  if (growth > GROWTH_MAX_SHARE) throw new Error(`memory grew by ${(growth * 100).toFixed(1)} %`);
}

/** Memory rises until the next collection and falls again: what is left then is what counts. */
const lowest = (samples: readonly MemorySample[]): number => Math.min(...samples.map(({ rssMiB }) => rssMiB));

main(Number(process.argv[2] ?? DEFAULT_SECONDS)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
