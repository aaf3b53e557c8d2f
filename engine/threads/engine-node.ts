import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AloneDecision } from "../replication/not-alone";
import type { PromotionDecision } from "../replication/promotion-check";
import { bundleEntries } from "./bundle";
import type { EngineOptions, EngineStatus } from "./engine";
import { JsonLineSocket } from "./json-line-socket";
import { KillableProcess } from "./killable-process";
import type { NodeAnswer, NodeOrder, NodePorts, NodeRequest } from "./node-messages";

export type NodeOptions = Omit<EngineOptions, "onEvents" | "onDurable" | "onRole" | "onNotice">;

let program: Promise<string> | undefined;

/** The bundle of node-process.ts, made once a process and removed with it. */
function programFile(): Promise<string> {
  program ??= (async () => {
    const directory = mkdtempSync(join(tmpdir(), "engine-node-"));
    process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
    await bundleEntries(directory);
    return join(directory, "node-process.js");
  })();
  return program;
}

/**
 * An engine in a process of its own, seen from a client of it. Orders are answered through `onAnswer`: accepted first,
 * durable later. `kill` ends it as a power cut of the process would.
 */
export class EngineNode {
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private lastQuestion = 0;
  private readonly connection: JsonLineSocket<NodeRequest, NodeAnswer>;

  private constructor(
    private readonly process: KillableProcess,
    socket: Socket,
    /** Where a standby of this engine connects. */
    readonly replicationPort: number,
    private readonly onAnswer: (answer: NodeAnswer) => void,
  ) {
    this.connection = new JsonLineSocket(socket, (message) => this.hear(message));
    void process.ended.then(() => this.giveUp());
  }

  static async start(options: NodeOptions, onAnswer: (answer: NodeAnswer) => void = () => {}): Promise<EngineNode> {
    const node = KillableProcess.start({
      name: "the engine process",
      program: process.execPath,
      args: [await programFile(), JSON.stringify(options)],
    });
    const { port, replicationPort } = await node.firstLine((line) => JSON.parse(line) as NodePorts);
    return new EngineNode(node, await connected(port), replicationPort, onAnswer);
  }

  get pid(): number {
    return this.process.pid!;
  }

  order(order: NodeOrder): void {
    this.connection.send({ order });
  }

  status(): Promise<EngineStatus> {
    return this.ask("status") as Promise<EngineStatus>;
  }

  /** Makes a standby active; resolves with the new epoch. */
  promote(decision: PromotionDecision): Promise<number> {
    return this.ask(decision === "planned" ? "promote" : "promote-peer-lost") as Promise<number>;
  }

  continueAlone(decision: AloneDecision = "standby-away"): Promise<unknown> {
    return this.ask(decision === "standby-lost" ? "continueAlone-standby-lost" : "continueAlone");
  }

  snapshot(): Promise<number> {
    return this.ask("snapshot") as Promise<number>;
  }

  /** Ids of all orders that were ever accepted, in order, derived from snapshot and journal on the disk. */
  history(): Promise<{ accepted: number[]; events: number }> {
    return this.ask("history") as Promise<{ accepted: number[]; events: number }>;
  }

  async close(): Promise<void> {
    await this.ask("close").catch(() => undefined);
    await this.process.ended;
  }

  /** kill -9. */
  kill(): Promise<void> {
    return this.process.kill();
  }

  private ask(ask: NonNullable<NodeRequest["ask"]>): Promise<unknown> {
    this.lastQuestion += 1;
    const id = this.lastQuestion;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.connection.send({ id, ask });
    });
  }

  private hear(message: NodeAnswer): void {
    this.onAnswer(message);
    if (!message.answer) return;
    const waiting = this.waiting.get(message.answer.id);
    this.waiting.delete(message.answer.id);
    if (message.answer.error === undefined) waiting?.resolve(message.answer.value);
    else waiting?.reject(new Error(message.answer.error));
  }

  private giveUp(): void {
    for (const { reject } of this.waiting.values()) reject(new Error("the engine process has ended"));
    this.waiting.clear();
    this.connection.close();
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(socket));
    socket.once("error", reject);
  });
}
