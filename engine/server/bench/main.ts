import { once } from "node:events";
import { loadavg } from "node:os";
import { binaryLoad } from "./binary-load";
import { jsonLoad } from "./json-load";
import type { LoadFigures } from "./latencies";
import { type Measured, type Pair, report } from "./report";
import { type Subject, startAnchors, startSubject } from "./subject-process";
import { cpuTimeOf } from "./thread-cpu";

const ROUNDS = 3;
const SECONDS = 3;
const WARM_UP_SECONDS = 4;
const CONNECTIONS = 256;
const FRAME_SIZES = [1, 10, 50, 100];
/** Frames on their way at once: enough to keep both sides busy. */
const WINDOW_FRAMES = 64;
/** Of two accounts, half of the connections each, so that each order trades with one of the others. */
const ORDERS = (["buy", "sell"] as const).map((side) => ({
  symbol: "BTCUSD",
  side,
  price: "65000.00",
  quantity: "0.0001",
}));

type Load = (subject: Subject, seconds: number) => Promise<LoadFigures>;

const json =
  (path: string, connections = CONNECTIONS): Load =>
  ({ url, tokens }, seconds) =>
    jsonLoad(`${url}${path}`, ORDERS, tokens, connections, seconds);
const binary =
  (commandsPerFrame: number, windowFrames = WINDOW_FRAMES): Load =>
  ({ url, tokens }, seconds) =>
    binaryLoad(`${url.replace("http", "ws")}/ws`, tokens[0], { commandsPerFrame, windowFrames }, seconds);

/** One load, with the CPU time that the server spent on it. */
async function measured(subject: Subject, load: Load): Promise<Measured> {
  const pid = subject.process.pid as number;
  const before = cpuTimeOf(pid);
  const { done, seconds, p50Ms, p99Ms } = await load(subject, SECONDS);
  const after = cpuTimeOf(pid);
  const each = (from: number, to: number) => Number((((to - from) * 1e6) / done).toFixed(2));
  return {
    perSecond: Math.round(done / seconds),
    p50Ms,
    p99Ms,
    mainMicroseconds: each(before.main, after.main),
    processMicroseconds: each(before.process, after.process),
  };
}

const median = (rounds: readonly Measured[]): Measured =>
  [...rounds].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(rounds.length / 2)] as Measured;

/** The servers by turns, so that all have the machine's good and bad moments; code is compiled before. */
async function interleaved(name: string, loads: readonly (readonly [Subject, Load])[]): Promise<Measured[]> {
  process.stderr.write(`${name}\n`);
  for (const [subject, load] of loads) await load(subject, WARM_UP_SECONDS);
  const rounds: Measured[][] = loads.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, [subject, load]] of loads.entries()) rounds[index]?.push(await measured(subject, load));
  }
  return rounds.map(median);
}

async function main(): Promise<void> {
  const loadBefore = loadavg()[0] as number;
  const engine = await startSubject();
  const empty = await startAnchors();
  // The very requests that the engine gets, tokens included.
  const asked = { ...empty, tokens: engine.tokens };
  const [orders, route, bare] = (await interleaved("JSON", [
    [engine, json("/api/orders")],
    [asked, json("/orders")],
    [asked, json("/bare")],
  ])) as [Measured, Measured, Measured];
  const frames: Record<string, Pair> = {};
  for (const size of FRAME_SIZES) {
    const load = binary(size);
    const [ours, echo] = (await interleaved(`binary, ${size} a frame`, [
      [engine, load],
      [empty, load],
    ])) as [Measured, Measured];
    frames[size] = { engine: ours, empty: echo };
  }
  // Last, when all code is compiled.
  const alone = {
    json: await measured(engine, json("/api/orders", 1)),
    binary: await measured(engine, binary(1, 1)),
  };
  engine.process.send("end");
  const [{ rssMiB }] = (await once(engine.process, "message")) as [{ rssMiB: number }];
  await once(engine.process, "exit");
  empty.process.kill();
  report({ json: { engine: orders, empty: route }, bare, binary: frames, alone, rssMiB }, loadBefore);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
