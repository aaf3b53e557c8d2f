import { createServer, type Socket } from "node:net";
import { COMMAND_WORDS } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { EventType } from "../protocol/event";
import type { EventBatch } from "../protocol/event-batch";
import { RecordBuffer } from "../protocol/record-buffer";
import { type Engine, type EngineOptions, Submission } from "./engine";
import { JsonLineSocket } from "./json-line-socket";
import type { NodeAnswer, NodeOrder, NodePorts, NodeRequest } from "./node-messages";
import { openEngine } from "./open-engine";

/**
 * An engine as a process of its own, without the service around it: JSON lines over TCP on 127.0.0.1. Drills and the
 * crash tests kill it, cut it off and start it again. Its options are the JSON in argv[2].
 */
class NodeProcess {
  private engine!: Engine;
  private client: JsonLineSocket<NodeAnswer, NodeRequest> | undefined;
  private readonly records = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.records);
  /** Accepted orders that are not durable yet, in order of their commands. */
  private undurable: { readonly sequence: number; readonly id: number }[] = [];
  private durable = 0;

  async start(options: Omit<EngineOptions, "onEvents">): Promise<void> {
    this.engine = await openEngine({
      ...options,
      onEvents: (batch) => this.answerOrders(batch),
      onDurable: (sequence) => this.answerDurable(sequence),
      onRole: (role, epoch) => this.tell({ role, epoch }),
      onNotice: ({ message }) => this.tell({ notice: message }),
    });
    this.engine.retainFrom(1);
    const server = createServer((socket) => this.serve(socket));
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      const ports: NodePorts = { port, replicationPort: this.engine.status().replication.port };
      process.stdout.write(`${JSON.stringify(ports)}\n`);
    });
  }

  private serve(socket: Socket): void {
    this.client = new JsonLineSocket(socket, (request) => {
      if (request.order) this.submit(request.order);
      else void this.obey(request);
    });
  }

  private async obey(request: NodeRequest): Promise<void> {
    const { id, ask } = request;
    try {
      this.tell({ answer: { id: id!, value: await this.answer(ask!) } });
    } catch (error) {
      this.tell({ answer: { id: id!, error: (error as Error).message } });
    }
  }

  private async answer(ask: NonNullable<NodeRequest["ask"]>): Promise<unknown> {
    switch (ask) {
      case "status":
        return this.engine.status();
      case "promote":
        return this.engine.promote("planned");
      case "promote-peer-lost":
        return this.engine.promote("peer-lost");
      case "continueAlone":
        return this.engine.continueAlone();
      case "continueAlone-standby-lost":
        return this.engine.continueAlone("standby-lost");
      case "snapshot":
        return this.engine.snapshot();
      case "history":
        return this.history();
      case "close":
        await this.engine.close();
        setImmediate(() => process.exit(0));
        return true;
    }
  }

  /** Ids of all orders that were ever accepted, in order, as the journal tells it. */
  private async history(): Promise<{ accepted: number[]; events: number }> {
    const accepted: number[] = [];
    const next = await this.engine.readEvents(1, (batch) => {
      for (let index = 0; index < batch.length; index += 1) {
        const event = batch.at(index);
        if (event.type === EventType.Accepted) accepted.push(event.clientLow);
      }
    });
    return { accepted, events: next - 1 };
  }

  private submit(order: NodeOrder): void {
    const { id, side, price, quantity, account = 0, symbol = 0 } = order;
    const clientOrderId = { low: id };
    const timeMicroseconds = Date.now() * 1_000;
    this.encoder.newOrder(0, { symbol, account, clientOrderId, side, price, quantity, timeMicroseconds });
    const submission = this.engine.submit(this.records, 0);
    if (submission !== Submission.Taken) this.tell({ refused: id, reason: Submission[submission] });
  }

  private answerOrders(batch: EventBatch): void {
    if (this.engine?.status().role === "standby") return;
    const accepted: number[] = [];
    for (let index = 0; index < batch.length; index += 1) {
      const event = batch.at(index);
      if (event.type === EventType.Rejected) this.tell({ rejected: event.clientLow, reason: event.reason });
      if (event.type !== EventType.Accepted) continue;
      accepted.push(event.clientLow);
      this.undurable.push({ sequence: event.commandSequence, id: event.clientLow });
    }
    if (accepted.length === 0) return;
    this.tell({ accepted });
    // A command may be durable before its events have come here.
    this.answerDurable(this.durable);
  }

  private answerDurable(sequence: number): void {
    this.durable = sequence;
    const count = this.undurable.findIndex((order) => order.sequence > sequence);
    const durable = this.undurable.splice(0, count === -1 ? this.undurable.length : count);
    if (durable.length > 0) this.tell({ durable: durable.map(({ id }) => id) });
  }

  private tell(answer: NodeAnswer): void {
    this.client?.send(answer);
  }
}

new NodeProcess().start(JSON.parse(process.argv[2]!)).catch((error: Error) => {
  process.stderr.write(`engine: ${error.message}\n`);
  process.exitCode = 1;
});
