import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom } from "../oracle/seeded-random";
import { EngineNode, type NodeOptions } from "../threads/engine-node";
import type { NodeAnswer } from "../threads/node-messages";

export interface CrashReport {
  readonly kills: number;
  readonly sent: number;
  readonly durable: number;
  /** Accepted, not acknowledged as durable, and there nevertheless: allowed. */
  readonly survivedUnacknowledged: number;
}

/** Kills after which the files begin anew, so that histories stay short. */
const KILLS_PER_DIRECTORY = 25;

/** Small options for engine processes; retention keeps everything, so that the whole history can be read again. */
export function nodeOptions(directory: string, name: string): NodeOptions {
  return {
    capacity: { symbols: 1, accounts: 4, openOrders: 65_536, levelPages: 64, rememberedOrderIds: 1_024 },
    limits: {
      ordersPerSecond: 0,
      ordersPerSecondPerAccount: 0,
      maxPositionLots: 100_000_000,
      symbols: [{ maxOrderLots: 10_000, priceCollarBps: 0, maxOrderNotional: 1e12 }],
    },
    queueCapacity: 10_000,
    journal: { directory: join(directory, name, "journal"), groupCommitMicroseconds: 500, segmentMiB: 1 },
    snapshot: { directory: join(directory, name, "snapshots"), intervalSeconds: 1, keep: 2 },
    threads: { spin: false },
    role: "active",
  };
}

/** What clients know of their orders, across all lives of the engine. */
export class Ledger {
  readonly durable = new Set<number>();
  lastId = 0;
  readonly hear = (answer: NodeAnswer): void => {
    for (const id of answer.durable ?? []) this.durable.add(id);
  };

  /** Sends orders until told to stop. */
  load(node: EngineNode, random: SeededRandom): () => void {
    const timer = setInterval(() => {
      for (let count = 0; count < 40; count += 1) {
        this.lastId += 1;
        const side = random.chance(0.5) ? 0 : 1;
        node.order({ id: this.lastId, side, price: random.between(95, 105), quantity: random.between(1, 20) });
      }
    }, 1);
    return () => clearInterval(timer);
  }

  /** What is wrong with a history, or undefined. */
  fault(accepted: readonly number[]): string | undefined {
    const known = new Set(accepted);
    if (known.size !== accepted.length) return `${accepted.length - known.size} orders are there twice`;
    const lost = [...this.durable].filter((id) => !known.has(id));
    return lost.length > 0 ? `${lost.length} durably acknowledged orders are lost, the first is ${lost[0]}` : undefined;
  }
}

/** Kills a real process with real files under load, again and again, and looks what the next one knows. */
export async function killUnderLoad(kills: number, seed: number, onKill: (done: number) => void): Promise<CrashReport> {
  const random = new SeededRandom(seed);
  const report = { kills: 0, sent: 0, durable: 0, survivedUnacknowledged: 0 };
  while (report.kills < kills) {
    const directory = mkdtempSync(join(tmpdir(), "engine-crash-"));
    const ledger = new Ledger();
    let known = 0;
    for (let round = 0; round <= KILLS_PER_DIRECTORY; round += 1) {
      const node = await EngineNode.start(nodeOptions(directory, "engine"), ledger.hear);
      const { accepted } = await node.history();
      const fault = ledger.fault(accepted);
      if (fault) throw new Error(`seed ${seed}, kill ${report.kills}, files in ${directory}: ${fault}`);
      known = accepted.length;
      const last = round === KILLS_PER_DIRECTORY || report.kills === kills;
      const stop = ledger.load(node, random);
      await new Promise((resolve) => setTimeout(resolve, last ? 0 : random.between(1, 120)));
      await node.kill();
      stop();
      if (last) break;
      report.kills += 1;
      onKill(report.kills);
    }
    report.sent += ledger.lastId;
    report.durable += ledger.durable.size;
    report.survivedUnacknowledged += Math.max(0, known - ledger.durable.size);
    rmSync(directory, { recursive: true });
  }
  return report;
}
