import { once } from "node:events";
import { loadavg } from "node:os";
import { medianBy } from "../in-turn";
import { binary, json, type Load, measured, WARM_UP_SECONDS } from "./loads";
import { type Measured, type RatePair, report } from "./report";
import { type ServiceSubject, startAnchors, startSubject } from "./subject-process";

const ROUNDS = 3;
const FRAME_SIZES = [1, 10, 50, 100];
const median = (rounds: readonly Measured[]): Measured => medianBy(rounds, ({ perSecond }) => perSecond);

/** The servers by turns, so that all have the machine's good and bad moments; code is compiled before. */
async function interleaved(name: string, loads: readonly (readonly [ServiceSubject, Load])[]): Promise<Measured[]> {
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
  const frames: Record<string, RatePair> = {};
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
