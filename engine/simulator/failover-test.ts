import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom } from "../oracle/seeded-random";
import { untilAttached } from "../testing/engine-pair";
import { EngineNode } from "../threads/engine-node";
import { type CrashReport, Ledger, nodeOptions } from "./crash-test";

const replication = (peerPort?: number) => ({
  host: "127.0.0.1",
  listenPort: 0,
  timeoutMs: 2_000,
  ...(peerPort === undefined ? {} : { peer: `127.0.0.1:${peerPort}` }),
});

/**
 * Kills the active one of two real processes under load and promotes the other; the killed one comes back as its
 * standby, on its own files, and is the next to be promoted.
 */
export async function failOverUnderLoad(
  kills: number,
  seed: number,
  onKill: (done: number) => void,
): Promise<CrashReport> {
  const random = new SeededRandom(seed);
  const directory = mkdtempSync(join(tmpdir(), "engine-failover-"));
  const ledger = new Ledger();
  const names = ["first", "second"];
  const start = (name: string, role: "active" | "standby", peerPort?: number): Promise<EngineNode> =>
    EngineNode.start({ ...nodeOptions(directory, name), role, replication: replication(peerPort) }, ledger.hear);
  let active = await start(names[0]!, "active");
  let known: readonly number[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    const standby = await start(names[kill % 2]!, "standby", active.replicationPort);
    await untilAttached(active);
    const stop = ledger.load(active, random);
    await new Promise((resolve) => setTimeout(resolve, random.between(5, 150)));
    await active.kill();
    stop();
    await standby.promote("peer-lost");
    known = (await standby.history()).accepted;
    const fault = ledger.fault(known);
    if (fault) throw new Error(`seed ${seed}, failover ${kill}, files in ${directory}: ${fault}`);
    active = standby;
    onKill(kill);
  }
  await active.kill();
  rmSync(directory, { recursive: true });
  const durable = ledger.durable.size;
  return { kills, sent: ledger.lastId, durable, survivedUnacknowledged: known.length - durable };
}
