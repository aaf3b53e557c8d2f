import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";

const RESULTS = join(__dirname, "results");
/** What a JSON order may cost more than an empty route, as a share. */
const JSON_OVERHEAD_MAX = 0.3;
const BINARY_PER_SECOND_MIN = 500_000;

/** One load on one server. */
export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of one order or request: of the thread that serves, and of all threads together. */
  readonly mainMicroseconds: number;
  readonly processMicroseconds: number;
}

/** The engine beside the empty server, taken by turns. */
export interface RatePair {
  readonly engine: Measured;
  readonly empty: Measured;
}

export interface ServiceResults {
  readonly json: RatePair;
  /** The empty route without even schemas. */
  readonly bare: Measured;
  /** By commands a frame. */
  readonly binary: Readonly<Record<string, RatePair>>;
  /** One client with one order on its way. */
  readonly alone: { readonly json: Measured; readonly binary: Measured };
  readonly rssMiB: number;
}

const machine = (loadBefore: number) => ({
  cpu: cpus()[0]?.model,
  cpus: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  /** Of one minute. The benchmark itself needs all of two CPUs; what was there before is what others took. */
  loadBefore,
  loadAfter: loadavg()[0],
});

/** Prints the tables and keeps the figures. */
export function report(results: ServiceResults, loadBefore: number): void {
  const { json, bare, binary, alone } = results;
  const table = new Table({
    head: ["", "engine /s", "empty /s", "engine µs CPU", "all threads", "empty µs CPU", "p50 ms", "p99 ms"],
    style: { head: [], border: [] },
  });
  const row = (name: string, engine: Measured, empty?: Measured) =>
    table.push([
      name,
      engine.perSecond,
      empty?.perSecond ?? "",
      engine.mainMicroseconds,
      engine.processMicroseconds,
      empty?.mainMicroseconds ?? "",
      engine.p50Ms,
      engine.p99Ms,
    ]);
  row("JSON orders, durable", json.engine, json.empty);
  for (const [size, { engine, empty }] of Object.entries(binary)) row(`binary, ${size} a frame`, engine, empty);
  row("JSON, one client", alone.json);
  row("binary, one client", alone.binary);
  const at = machine(loadBefore);
  process.stdout.write(`${table.toString()}\n${targets(results).toString()}\n`);
  process.stdout.write(`empty route without schemas ${bare.perSecond}/s; engine ${results.rssMiB} MiB; `);
  process.stdout.write(`${at.cpus} CPUs ${at.cpu}, Node ${at.node}, load ${at.loadBefore} before\n`);
  mkdirSync(RESULTS, { recursive: true });
  const kept = { takenAt: new Date().toISOString(), machine: at, ...results };
  writeFileSync(join(RESULTS, "service.json"), `${JSON.stringify(kept, null, 2)}\n`);
}

function targets({ json, binary }: ServiceResults): Table.Table {
  const table = new Table({ head: ["target", "wanted", "measured", ""], style: { head: [], border: [] } });
  const overhead = (engine: number, empty: number) => engine / empty - 1;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const say = (target: string, wanted: string, measured: string, met: boolean) =>
    table.push([target, wanted, measured, met ? "met" : "missed"]);
  const time = overhead(json.empty.perSecond, json.engine.perSecond);
  const cpu = overhead(json.engine.mainMicroseconds, json.empty.mainMicroseconds);
  const most = `≤ ${percent(JSON_OVERHEAD_MAX)}`;
  say("JSON: time over the empty route", most, percent(time), time <= JSON_OVERHEAD_MAX);
  say("JSON: CPU of the serving thread", most, percent(cpu), cpu <= JSON_OVERHEAD_MAX);
  const best = Math.max(...Object.values(binary).map(({ engine }) => engine.perSecond));
  say("binary orders a second", `≥ ${BINARY_PER_SECOND_MIN}`, String(best), best >= BINARY_PER_SECOND_MIN);
  return table;
}
