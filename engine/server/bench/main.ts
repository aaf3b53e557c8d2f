import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { type BinaryFigures, binaryLoad } from "./binary-load";
import { type JsonFigures, jsonLoad } from "./json-load";
import { startAnchors, startSubject } from "./subject-process";

const ROUNDS = 3;
const SECONDS = 4;
const FRAME_SIZES = [1, 10, 100];
const RESULTS = join(__dirname, "results");
const ORDERS = (["buy", "sell"] as const).map((side) => ({
  symbol: "BTCUSD",
  side,
  price: "65000.00",
  quantity: "0.01",
}));

const median = <Figures>(rounds: readonly Figures[], by: (figures: Figures) => number): Figures =>
  [...rounds].sort((a, b) => by(a) - by(b))[Math.floor(rounds.length / 2)] as Figures;

/** The engine and the empty servers by turns, so that both have the machine's good and bad moments. */
async function interleaved<Figures>(
  engine: () => Promise<Figures>,
  anchor: () => Promise<Figures>,
  by: (figures: Figures) => number,
) {
  const rounds: { engine: Figures[]; anchor: Figures[] } = { engine: [], anchor: [] };
  for (let round = 0; round < ROUNDS; round++) {
    rounds.anchor.push(await anchor());
    rounds.engine.push(await engine());
  }
  return { engine: median(rounds.engine, by), anchor: median(rounds.anchor, by) };
}

async function main(): Promise<void> {
  const [engine, anchors] = [await startSubject(), await startAnchors()];
  await jsonLoad(`${engine.url}/api/orders`, ORDERS, engine.token, 2);
  const json = await interleaved<JsonFigures>(
    () => jsonLoad(`${engine.url}/api/orders`, ORDERS, engine.token, SECONDS),
    () => jsonLoad(`${anchors.url}/empty`, ORDERS, undefined, SECONDS),
    ({ requestsPerSecond }) => requestsPerSecond,
  );
  const binary: Record<string, { engine: BinaryFigures; anchor: BinaryFigures }> = {};
  for (const size of FRAME_SIZES) {
    binary[size] = await interleaved<BinaryFigures>(
      () => binaryLoad(`${engine.url.replace("http", "ws")}/ws`, engine.token, size, SECONDS),
      () => binaryLoad(anchors.url.replace("http", "ws"), undefined, size, SECONDS),
      ({ commandsPerSecond }) => commandsPerSecond,
    );
  }
  engine.process.send("end");
  const [{ rssMiB }] = (await once(engine.process, "message")) as [{ rssMiB: number }];
  anchors.process.kill();
  report({ takenAt: new Date().toISOString(), machine: machine(), json, binary, rssMiB });
}

const machine = () => ({
  cpu: cpus()[0]?.model,
  cpus: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  /** Of one minute; above the number of CPUs others were working too. */
  load: loadavg()[0],
});

type Results = Parameters<typeof report>[0];

function report(results: {
  takenAt: string;
  machine: ReturnType<typeof machine>;
  json: { engine: JsonFigures; anchor: JsonFigures };
  binary: Record<string, { engine: BinaryFigures; anchor: BinaryFigures }>;
  rssMiB: number;
}): void {
  const table = new Table({ head: ["", "engine /s", "empty server /s", "share", "engine p50 ms", "engine p99 ms"] });
  const { json, binary } = results;
  const share = (ours: number, theirs: number) => `${Math.round((100 * ours) / theirs)} %`;
  table.push([
    "JSON orders, durable",
    json.engine.requestsPerSecond,
    json.anchor.requestsPerSecond,
    share(json.engine.requestsPerSecond, json.anchor.requestsPerSecond),
    json.engine.p50Ms,
    json.engine.p99Ms,
  ]);
  for (const [size, { engine, anchor }] of Object.entries(binary)) {
    table.push([
      `binary, ${size} a frame`,
      engine.commandsPerSecond,
      anchor.commandsPerSecond,
      share(engine.commandsPerSecond, anchor.commandsPerSecond),
      engine.p50Ms,
      engine.p99Ms,
    ]);
  }
  process.stdout.write(`${table.toString()}\n${JSON.stringify(results.machine)}\n`);
  if (json.engine.failed > 0) process.stdout.write(`${json.engine.failed} JSON requests failed\n`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, "service.json"), `${JSON.stringify(results satisfies Results, null, 2)}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
