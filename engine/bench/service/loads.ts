import { binaryLoad } from "./binary-load";
import { jsonLoad } from "./json-load";
import type { LoadFigures } from "./latencies";
import type { Measured } from "./report";
import type { ServiceSubject } from "./subject-process";
import { cpuTimeOf } from "./thread-cpu";

const SECONDS = 3;
export const WARM_UP_SECONDS = 4;
const CONNECTIONS = 256;
/** Frames on their way at once: enough to keep both sides busy. */
const WINDOW_FRAMES = 64;
/** Of two accounts, half of the connections each, so that each order trades with one of the others. */
const ORDERS = (["buy", "sell"] as const).map((side) => ({
  symbol: "BTCUSD",
  side,
  price: "65000.00",
  quantity: "0.0001",
}));

/** One kind of work for a server, for some seconds. */
export type Load = (subject: ServiceSubject, seconds: number) => Promise<LoadFigures>;

export const json =
  (path: string, connections = CONNECTIONS): Load =>
  ({ url, tokens }, seconds) =>
    jsonLoad(`${url}${path}`, ORDERS, tokens, connections, seconds);
export const binary =
  (commandsPerFrame: number, windowFrames = WINDOW_FRAMES): Load =>
  ({ url, tokens }, seconds) =>
    binaryLoad(`${url.replace("http", "ws")}/ws`, tokens[0], { commandsPerFrame, windowFrames }, seconds);

/** One load, with the CPU time that the server spent on it. */
export async function measured(subject: ServiceSubject, load: Load): Promise<Measured> {
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
