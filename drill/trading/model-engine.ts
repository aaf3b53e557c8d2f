import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HostedEngine, HostOptions } from "./hosted-engine";
import {
  type EngineStatus,
  type Execution,
  type Holdings,
  type Order,
  type OrderAnswer,
  orderKey,
  type Role,
} from "./messages";

type Entry = { readonly n: number; readonly epoch: number; readonly order?: Order };
type Peer = { hello: number } | { entry: Entry } | { ack: number } | { reset: true };

const CONTACT_MS = 1_000;
const PROBE_MS = 200;

export class ModelEngine implements HostedEngine {
  private role: Role;
  private epoch = 0;
  private entries: Entry[] = [];
  private durable = 0;
  private alone = false;
  private lastContact = 0;
  private standby: Socket | undefined;
  private readonly waiting = new Map<number, () => void>();
  private seen = new Map<string, number>();
  private executions: Execution[] = [];
  private resting: { order: Order; left: number }[] = [];
  private readonly file: string;

  constructor(private readonly options: HostOptions) {
    mkdirSync(options.directory, { recursive: true });
    this.file = join(options.directory, "journal.jsonl");
    if (existsSync(this.file))
      for (const line of readFileSync(this.file, "utf8").split("\n")) if (line) this.apply(JSON.parse(line));
    this.role = options.role;
    if (this.role === "active" && this.epoch === 0) this.append({ n: 1, epoch: 1 });
    createServer((socket) => this.accept(socket)).listen(options.replicationPort, "127.0.0.1");
    setInterval(() => this.contact(), PROBE_MS);
    this.contact();
  }

  status(): EngineStatus {
    return {
      region: this.options.region,
      epoch: this.epoch,
      role: this.role,
      durableSequence: this.durable,
      replicationLagSeconds: this.durable < this.entries.length ? (Date.now() - this.lastContact) / 1_000 : 0,
      replicationMode: "synchronous: durable means that both regions have it",
    };
  }

  place(order: Order, answer: (answer: OrderAnswer) => void): void {
    const say = (rest: object) =>
      answer({
        account: order.account,
        clientOrderId: order.clientOrderId,
        region: this.options.region,
        epoch: this.epoch,
        ...rest,
      } as OrderAnswer);
    if (this.role !== "active") {
      say({ answer: "rejected", reason: this.role });
      return;
    }
    if (!this.alone && Date.now() - this.lastContact > CONTACT_MS) {
      say({ answer: "rejected", reason: "isolated" });
      return;
    }
    if (this.seen.has(orderKey(order))) {
      say({ answer: "duplicate" });
      return;
    }
    const n = this.entries.length + 1;
    this.waiting.set(n, () => say({ answer: "durable" }));
    this.append({ n, epoch: this.epoch, order });
    say({ answer: "accepted" });
    if (this.alone && !this.standby) this.settle(n);
  }

  async holdings(): Promise<Holdings> {
    const positions: Record<string, number> = {};
    for (const { buyer, seller, quantityLots } of this.executions) {
      positions[buyer] = (positions[buyer] ?? 0) + quantityLots;
      positions[seller] = (positions[seller] ?? 0) - quantityLots;
    }
    return {
      region: this.options.region,
      epoch: this.epoch,
      orders: Object.fromEntries(this.seen),
      executions: this.executions,
      positions,
    };
  }

  async promote(): Promise<void> {
    if (this.role === "active") return;
    this.role = "active";
    this.alone = true;
    this.append({ n: this.entries.length + 1, epoch: this.epoch + 1 });
    this.settle(this.entries.length);
  }

  async drain(): Promise<void> {
    setTimeout(() => process.exit(0), 20);
  }

  private accept(socket: Socket): void {
    const say = (message: Peer) => socket.write(`${JSON.stringify(message)}\n`);
    socket.on("error", () => socket.destroy());
    say({ hello: this.epoch });
    createInterface({ input: socket }).on("line", (line) => {
      const message = JSON.parse(line) as Peer;
      if ("hello" in message) this.hear(message.hello);
      if ("reset" in message && this.role === "active") {
        say({ reset: true });
        for (const entry of this.entries) say({ entry });
        this.standby = socket;
        socket.on("close", () => {
          if (this.standby === socket) this.standby = undefined;
        });
      }
      if ("ack" in message) {
        this.lastContact = Date.now();
        this.settle(message.ack);
      }
    });
  }

  private follower: Socket | undefined;

  private contact(): void {
    if (this.follower && !this.follower.destroyed) return;
    const socket = createConnection(this.options.peer.port, this.options.peer.host);
    this.follower = socket;
    const say = (message: Peer) => socket.write(`${JSON.stringify(message)}\n`);
    socket.on("error", () => socket.destroy());
    socket.on("connect", () => {
      say({ hello: this.epoch });
      if (this.role === "standby") say({ reset: true });
    });
    createInterface({ input: socket }).on("line", (line) => {
      const message = JSON.parse(line) as Peer;
      if ("hello" in message) {
        this.hear(message.hello);
        if (this.role === "active") {
          this.lastContact = Date.now();
          socket.end();
        }
      }
      if (this.role !== "standby") return;
      if ("reset" in message) this.restart();
      if ("entry" in message) {
        this.append(message.entry);
        say({ ack: message.entry.n });
      }
    });
  }

  private hear(epoch: number): void {
    if (epoch > this.epoch && this.role === "active") {
      this.role = "fenced";
      this.waiting.clear();
    }
  }

  private restart(): void {
    this.entries = [];
    this.seen = new Map();
    this.executions = [];
    this.resting = [];
    writeFileSync(this.file, "");
  }

  private settle(upTo: number): void {
    this.durable = Math.max(this.durable, upTo);
    for (const [n, done] of this.waiting) {
      if (n > upTo) break;
      this.waiting.delete(n);
      if (this.role === "active") done();
    }
  }

  private append(entry: Entry): void {
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
    this.apply(entry);
    this.standby?.write(`${JSON.stringify({ entry } satisfies Peer)}\n`);
  }

  private apply(entry: Entry): void {
    this.entries.push(entry);
    this.epoch = entry.epoch;
    const { order } = entry;
    if (!order) return;
    this.seen.set(orderKey(order), (this.seen.get(orderKey(order)) ?? 0) + 1);
    let left = order.quantityLots;
    for (const other of this.resting) {
      if (left === 0) break;
      if (other.left === 0 || other.order.side === order.side) continue;
      const quantityLots = Math.min(left, other.left);
      left -= quantityLots;
      other.left -= quantityLots;
      const [buyer, seller] = order.side === "buy" ? [order, other.order] : [other.order, order];
      this.executions.push({
        id: `${entry.n}-${this.executions.length}`,
        buyer: buyer.account,
        seller: seller.account,
        quantityLots,
      });
    }
    this.resting = this.resting.filter((each) => each.left > 0);
    if (left > 0) this.resting.push({ order, left });
  }
}
