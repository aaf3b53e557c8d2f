import type { ContainerTools } from "./container-tools";
import type { RunDescription } from "./run-arguments";
import { RunningEngine } from "./running-engine";

/** Something that was looked at, and whether it is as promised. */
export interface Check {
  readonly what: string;
  readonly seen: string;
  readonly holds: boolean;
}

/**
 * How far under the market the order is: within the collar, and where nobody sells. It rests, and is there after a
 * start.
 */
const UNDER_THE_MARKET = 0.97;
/** What a drain writes first and last. */
const DRAINED = ["draining", "ended"];

/**
 * One life of the engine and the beginning of the next, over the same volumes but in a new container, as pods come and
 * go.
 */
export async function liveTwice(tools: ContainerTools, image: string, description: RunDescription): Promise<Check[]> {
  const name = `hft-image-test-${process.pid}`;
  let engine = await RunningEngine.start(tools, name, image, description);
  try {
    const confined = confinementChecks(engine, description);
    const price = (engine.bestBid("BTCUSD") * UNDER_THE_MARKET).toFixed(2);
    const { orderId, status } = engine.enterOrder({ symbol: "BTCUSD", side: "buy", price, quantity: "0.01" });
    const stopped = engine.stop();
    engine = await RunningEngine.start(tools, name, image, description);
    const found = engine.findOrder(orderId);
    return [
      ...confined,
      { what: "an order is acknowledged", seen: `order ${orderId} ${status}`, holds: status === "open" },
      {
        what: "SIGTERM drains",
        seen: `exit code ${stopped.exitCode} after ${stopped.seconds.toFixed(1)} s of ${description.graceSeconds}`,
        holds: stopped.exitCode === 0 && DRAINED.every((word) => stopped.log.includes(`"msg":"${word}"`)),
      },
      {
        what: "the order is there after the next start",
        seen: `order ${found.orderId} ${found.status} at ${found.price}`,
        holds: found.orderId === orderId && found.status === "open" && found.price === price,
      },
    ].map((check) => ({ ...check, what: `${description.title}: ${check.what}` }));
  } finally {
    engine.remove();
  }
}

function confinementChecks(engine: RunningEngine, { promised }: RunDescription): Check[] {
  const { user, capabilities, noNewPrivileges, seccomp, writing } = engine.confinement();
  const refused = promised.readOnly.filter((path) => writing[path] !== undefined);
  const open = promised.writable.filter((path) => writing[path] === undefined);
  return [
    { what: "user", seen: String(user), holds: user === promised.user },
    { what: "capabilities", seen: capabilities, holds: capabilities === "none" },
    { what: "no new privileges", seen: String(noNewPrivileges), holds: noNewPrivileges },
    { what: "system calls are filtered", seen: String(seccomp), holds: seccomp },
    { what: "refuses writing to", seen: refused.join(" "), holds: refused.length === promised.readOnly.length },
    { what: "can write to", seen: open.join(" "), holds: open.length === promised.writable.length },
  ];
}
