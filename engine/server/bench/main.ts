import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { type BinaryFigures, binaryLoad } from "./binary-load";
import { type JsonFigures, jsonLoad } from "./json-load";
import { type Subject, startAnchors, startSubject } from "./subject-process";
import { mainThreadCpuSeconds } from "./thread-cpu";

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

interface Measured<Figures> {
  readonly figures: Figures;
  /** CPU time of the thread that serves, for each request or command. */
  readonly cpuMicroseconds: number;
}

type Pair<Figures> = { readonly engine: Measured<Figures>; readonly anchor: Measured<Figures> };

/** One round, with the CPU time that the serving thread spent on it. */
async function measured<Figures>(
  subject: Subject,
  load: () => Promise<Figures>,
  rate: (figures: Figures) => number,
): Promise<Measured<Figures>> {
  const pid = subject.process.pid as number;
  const before = mainThreadCpuSeconds(pid);
  const figures = await load();
  const spentSeconds = mainThreadCpuSeconds(pid) - before;
  return { figures, cpuMicroseconds: Number(((spentSeconds * 1e6) / (rate(figures) * SECONDS)).toFixed(2)) };
}

/** The engine and the empty server by turns, so that both have the machine's good and bad moments. */
async function interleaved<Figures>(
  subjects: { readonly engine: Subject; readonly anchor: Subject },
  load: (subject: Subject) => Promise<Figures>,
  rate: (figures: Figures) => number,
): Promise<Pair<Figures>> {
  const engine: Measured<Figures>[] = [];
  const anchor: Measured<Figures>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    anchor.push(await measured(subjects.anchor, () => load(subjects.anchor), rate));
    engine.push(await measured(subjects.engine, () => load(subjects.engine), rate));
  }
  const by = ({ figures }: Measured<Figures>) => rate(figures);
  return { engine: median(engine, by), anchor: median(anchor, by) };
}

async function main(): Promise<void> {
  const subjects = { engine: await startSubject(), anchor: await startAnchors() };
  const json = await interleaved(
    subjects,
    ({ url, token }) => jsonLoad(`${url}${token ? "/api/orders" : "/empty"}`, ORDERS, token, SECONDS),
    ({ requestsPerSecond }) => requestsPerSecond,
  );
  const binary: Record<string, Pair<BinaryFigures>> = {};
  for (const size of FRAME_SIZES) {
    binary[size] = await interleaved(
      subjects,
      ({ url, token }) => binaryLoad(`${url.replace("http", "ws")}${token ? "/ws" : "/"}`, token, size, SECONDS),
      ({ commandsPerSecond }) => commandsPerSecond,
    );
  }
  subjects.engine.process.send("end");
  const [{ rssMiB }] = (await once(subjects.engine.process, "message")) as [{ rssMiB: number }];
  subjects.anchor.process.kill();
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

interface Results {
  readonly takenAt: string;
  readonly machine: ReturnType<typeof machine>;
  readonly json: Pair<JsonFigures>;
  readonly binary: Record<string, Pair<BinaryFigures>>;
  readonly rssMiB: number;
}

function report(results: Results): void {
  const { json, binary } = results;
  const table = new Table({
    head: ["", "engine /s", "empty /s", "share", "engine µs CPU", "empty µs CPU", "engine p50 ms", "p99 ms"],
  });
  const row = (
    name: string,
    { engine, anchor }: Pair<{ p50Ms: number; p99Ms: number }>,
    ours: number,
    theirs: number,
  ) =>
    table.push([
      name,
      ours,
      theirs,
      `${Math.round((100 * ours) / theirs)} %`,
      engine.cpuMicroseconds,
      anchor.cpuMicroseconds,
      engine.figures.p50Ms,
      engine.figures.p99Ms,
    ]);
  row("JSON orders, durable", json, json.engine.figures.requestsPerSecond, json.anchor.figures.requestsPerSecond);
  for (const [size, pair] of Object.entries(binary)) {
    const { engine, anchor } = pair;
    row(`binary, ${size} a frame`, pair, engine.figures.commandsPerSecond, anchor.figures.commandsPerSecond);
  }
  process.stdout.write(`${table.toString()}\n${JSON.stringify(results.machine)}\n`);
  if (json.engine.figures.failed > 0) process.stdout.write(`${json.engine.figures.failed} JSON requests failed\n`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, "service.json"), `${JSON.stringify(results, null, 2)}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
