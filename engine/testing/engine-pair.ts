import { join } from "node:path";
import { until } from "@hft/testing";
import { FileStorage } from "../journal/file-storage";
import { listSetAside } from "../journal/set-aside";
import { keptCommands } from "../journal/set-aside-file";
import { CommandWord } from "../protocol";
import type { ConfiguredRole } from "../replication/role-memory";
import { nodeOptions } from "../simulator/crash-test";
import { EngineNode } from "../threads/engine-node";
import { freePort } from "../threads/free-port";
import type { NodeAnswer } from "../threads/node-messages";
import { Link } from "./link";

export type Place = 0 | 1;
export const PLACES: readonly Place[] = [0, 1];
const TIMEOUT_MS = 500;

/** What clients were told, and by whom in which epoch. */
class PairLedger {
  readonly durable = new Set<number>();
  /** Epochs in which orders were acknowledged, with the places that did. */
  readonly acknowledgedBy = new Map<number, Set<Place>>();
  lastId = 0;
}

/**
 * Two engine processes, each the other's peer over a link that can be cut. They are started, killed and told
 * things in any order; whatever an engine acknowledged is remembered.
 */
export class EnginePair {
  readonly ledger = new PairLedger();
  readonly nodes: [EngineNode | undefined, EngineNode | undefined] = [undefined, undefined];
  readonly epochs: [number, number] = [0, 0];

  private constructor(
    private readonly directory: string,
    private readonly ports: readonly [number, number],
    /** By the place that is reached over it. */
    private readonly links: readonly [Link, Link],
  ) {}

  static async in(directory: string): Promise<EnginePair> {
    const ports = [await freePort(), await freePort()] as const;
    return new EnginePair(directory, ports, [await Link.to(ports[0]), await Link.to(ports[1])]);
  }

  /** Starts an engine as a member of a set, or as it is told. One that refuses stays down, and says why. */
  async start(place: Place, told?: ConfiguredRole): Promise<string | undefined> {
    if (this.nodes[place]) return undefined;
    try {
      const node = await EngineNode.start(
        {
          ...nodeOptions(this.directory, String(place)),
          role: told ?? (place === 0 ? "active" : "standby"),
          roleUnlessRemembered: told === undefined,
          replication: {
            host: "127.0.0.1",
            listenPort: this.ports[place],
            peer: this.links[place === 0 ? 1 : 0].address,
            timeoutMs: TIMEOUT_MS,
          },
        },
        (answer) => this.hear(place, answer),
      );
      this.nodes[place] = node;
      this.epochs[place] = (await node.status()).epoch;
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async kill(place: Place): Promise<void> {
    const node = this.nodes[place];
    this.nodes[place] = undefined;
    await node?.kill();
  }

  /** Ends it in good order. */
  async stop(place: Place): Promise<void> {
    const node = this.nodes[place];
    this.nodes[place] = undefined;
    await node?.close();
  }

  cut(): void {
    for (const link of this.links) link.cut();
  }

  restore(): void {
    for (const link of this.links) link.restore();
  }

  /** Orders to one engine, whatever its role is. */
  send(place: Place, count: number): void {
    for (let sent = 0; sent < count; sent += 1) {
      this.ledger.lastId += 1;
      const id = this.ledger.lastId;
      this.nodes[place]?.order({ id, side: id % 2 ? 0 : 1, price: 95 + (id % 10), quantity: 1 });
    }
  }

  /** A fenced engine ends and is started again, as its orchestrator does. */
  async restartFenced(): Promise<void> {
    for (const place of PLACES) {
      const role = (await this.nodes[place]?.status())?.role;
      if (role !== "fenced" && role !== "failed") continue;
      await this.kill(place);
      await this.start(place);
    }
  }

  untilAttached(place: Place): Promise<void> {
    return untilAttached(this.nodes[place]!);
  }

  /** Sends orders and waits until an engine has acknowledged so many more. */
  async settle(place: Place, count: number): Promise<void> {
    const wanted = this.ledger.durable.size + count;
    this.send(place, count);
    await until(() => this.ledger.durable.size >= wanted);
  }

  async statusOf(place: Place) {
    return this.nodes[place]?.status();
  }

  /** Ids of the orders that both histories have kept aside. */
  setAside(): Set<number> {
    const ids = new Set<number>();
    for (const place of PLACES) {
      const storage = new FileStorage(join(this.directory, String(place), "journal"));
      for (const kept of listSetAside(storage)) {
        if (!kept.acknowledged) continue;
        const file = storage.open(kept.name);
        for (const { words } of keptCommands(file, kept)) ids.add(words[CommandWord.ClientLow]!);
        file.close();
      }
    }
    return ids;
  }

  async close(): Promise<void> {
    for (const place of PLACES) await this.kill(place);
    for (const link of this.links) link.close();
  }

  private hear(place: Place, { durable = [], epoch }: NodeAnswer): void {
    if (epoch !== undefined) this.epochs[place] = epoch;
    if (durable.length === 0) return;
    for (const id of durable) this.ledger.durable.add(id);
    const by = this.ledger.acknowledgedBy.get(this.epochs[place]) ?? new Set();
    this.ledger.acknowledgedBy.set(this.epochs[place], by.add(place));
  }
}

/** Waits until an active engine's standby has everything. */
export async function untilAttached(active: EngineNode): Promise<void> {
  await until(async () => (await active.status()).replication.state === "attached");
}
