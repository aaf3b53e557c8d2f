import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { inTurn, middleOf, ratioOf, type Turn } from "../in-turn";
import { describeMachine } from "../machine";
import { checkoutFrom, wholeFrom, writable } from "../options";
import { binary, json, type Load, measured, WARM_UP_SECONDS } from "./loads";
import type { Measured } from "./report";
import { startAnchors, startSubject } from "./subject-process";

type NamedLoad = readonly [name: string, load: Load];

/** What clients do, from one who waits for each answer to more than the machine can serve. */
const LOADS: readonly NamedLoad[] = [
  ["JSON, 1 client", json("/api/orders", 1)],
  ["JSON, 8 clients", json("/api/orders", 8)],
  ["JSON, 64 clients", json("/api/orders", 64)],
  ["JSON, 256 clients", json("/api/orders", 256)],
  ["binary, 1 client", binary(1, 1)],
  ["binary, 50 a frame", binary(50)],
];
/** What the machine and the library need without an engine. */
const ANCHOR: NamedLoad = ["empty route, 1 client", json("/orders", 1)];

interface Comparison {
  readonly load: string;
  readonly other: Measured;
  readonly own: Measured;
  /** Own over other, of the two that were measured one after the other; medians of the rounds. */
  readonly rateRatio: number;
  readonly p50Ratio: number;
  readonly p99Ratio: number;
}

interface Options {
  readonly rounds: number;
  readonly only?: readonly NamedLoad[];
  readonly json?: string;
}

function loadsNamed(text: string): readonly NamedLoad[] {
  const named = LOADS.filter(([name]) => name.includes(text));
  if (named.length > 0) return named;
  throw new InvalidArgumentError(`write a part of one of these: ${LOADS.map(([name]) => name).join("; ")}`);
}

/** The service of this checkout beside that of another, by turns in one run: both alive, one under load. */
async function compare(checkout: string, rounds: number, loads: readonly NamedLoad[]): Promise<Comparison[]> {
  const other = await startSubject(checkout);
  const own = await startSubject();
  const comparisons: Comparison[] = [];
  for (const [name, load] of loads) {
    process.stderr.write(`${name}\n`);
    for (const subject of [other, own]) await load(subject, WARM_UP_SECONDS);
    const turns = await inTurn(
      () => measured(own, load),
      () => measured(other, load),
      rounds,
    );
    comparisons.push(compared(name, turns));
  }
  for (const { process: server } of [own, other]) {
    server.send("end");
    await once(server, "exit");
  }
  return comparisons;
}

function compared(load: string, turns: readonly Turn<Measured>[]): Comparison {
  const rate = ({ perSecond }: Measured) => perSecond;
  return {
    load,
    other: middleOf(turns, "other", rate),
    own: middleOf(turns, "own", rate),
    rateRatio: ratioOf(turns, rate),
    p50Ratio: ratioOf(turns, ({ p50Ms }) => p50Ms),
    p99Ratio: ratioOf(turns, ({ p99Ms }) => p99Ms),
  };
}

async function anchor(): Promise<Measured> {
  const empty = await startAnchors();
  const [, load] = ANCHOR;
  // It asks for no token; the load wants one to send.
  const subject = { ...empty, tokens: ["none"] };
  await load(subject, WARM_UP_SECONDS);
  const figures = await measured(subject, load);
  empty.process.kill();
  return figures;
}

function render(comparisons: readonly Comparison[], empty: Measured): string {
  const head = ["load", "other /s", "this /s", "this / other", "p50 ms", "p99 ms", "p50 ratio", "p99 ratio"];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { load, other, own, rateRatio, p50Ratio, p99Ratio } of comparisons) {
    const both = (of: (measured: Measured) => number) => `${of(other)} → ${of(own)}`;
    table.push([
      load,
      other.perSecond,
      own.perSecond,
      rateRatio.toFixed(3),
      both(({ p50Ms }) => p50Ms),
      both(({ p99Ms }) => p99Ms),
      p50Ratio.toFixed(2),
      p99Ratio.toFixed(2),
    ]);
  }
  table.push([ANCHOR[0], "", empty.perSecond, "", empty.p50Ms, empty.p99Ms, "", ""]);
  return table.toString();
}

new Command("bench:beside")
  .description("compares the service of this checkout with that of another one, alternating")
  .argument("<checkout>", "root of another checkout of this repository, its packages installed", checkoutFrom)
  .option("--rounds <n>", "rounds of which the median counts", wholeFrom(1), 5)
  .option("--only <text>", "measures the loads whose names contain this", loadsNamed)
  .option("--json <file>", "writes everything to a file as well", writable)
  .action(async (checkout: string, { rounds, only = LOADS, json: file }: Options) => {
    const machine = describeMachine();
    const empty = await anchor();
    const comparisons = await compare(checkout, rounds, only);
    process.stdout.write(
      `${render(comparisons, empty)}\nload before ${machine.load}, after ${loadavg()[0]?.toFixed(1)}\n`,
    );
    if (file) writeFileSync(file, `${JSON.stringify({ machine, empty, comparisons }, null, 2)}\n`);
  })
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
