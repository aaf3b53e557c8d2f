import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AloneDecision } from "../replication/not-alone";
import type { PromotionDecision } from "../replication/promotion-check";
import { bundleEntries } from "./bundle";
import type { EngineOptions, EngineStatus } from "./engine";
import type { NodeAnswer, NodeOrder, NodeRequest } from "./node-messages";

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
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly socket: Socket,
    /** Where a standby of this engine connects. */
    readonly replicationPort: number,
    private readonly onAnswer: (answer: NodeAnswer) => void,
  ) {
    // The interface hands on the socket's errors: a killed process resets the connection.
    createInterface({ input: socket })
      .on("line", (line) => this.hear(line))
      .on("error", () => socket.destroy());
    this.ended = new Promise((resolve) => child.once("exit", () => resolve()));
    child.once("exit", () => this.giveUp());
  }

  static async start(options: NodeOptions, onAnswer: (answer: NodeAnswer) => void = () => {}): Promise<EngineNode> {
    const argument = JSON.stringify(options);
    const child = spawn(process.execPath, [await programFile(), argument], { stdio: ["ignore", "pipe", "pipe"] });
    const { port, replicationPort } = await firstLine(child);
    const socket = await connected(port);
    return new EngineNode(child, socket, replicationPort, onAnswer);
  }

  get pid(): number {
    return this.child.pid!;
  }

  order(order: NodeOrder): void {
    this.write({ order });
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
    await this.ended;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  private ask(ask: NonNullable<NodeRequest["ask"]>): Promise<unknown> {
    this.lastQuestion += 1;
    const id = this.lastQuestion;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.write({ id, ask });
    });
  }

  private write(request: NodeRequest): void {
    if (!this.socket.destroyed) this.socket.write(`${JSON.stringify(request)}\n`);
  }

  private hear(line: string): void {
    const message = parse(line);
    if (!message) return;
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
    this.socket.destroy();
  }
}

/** A killed process may leave half a line. */
function parse(line: string): NodeAnswer | undefined {
  try {
    return JSON.parse(line) as NodeAnswer;
  } catch {
    return undefined;
  }
}

function firstLine(child: ChildProcess): Promise<{ port: number; replicationPort: number }> {
  let complaint = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", (line) => resolve(JSON.parse(line)));
    child.once("exit", (code) => reject(new Error(complaint.trim() || `the engine process ended with code ${code}`)));
  });
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(socket));
    socket.setNoDelay(true);
    socket.once("error", reject);
  });
}
