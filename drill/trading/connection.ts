import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Answer, EngineStatus, Holdings, Order, OrderAnswer, Request } from "./messages";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Longest that a question may stay without an answer: an engine that was lost does not say so. */
const ANSWER_TIMEOUT_MS = 1_000;
/** A dump of everything takes longer. */
const HOLDINGS_TIMEOUT_MS = 30_000;

/** One connection to an engine. Orders are answered through `onOrder`, everything else as a promise. */
export class EngineConnection {
  private waiting: ((answer: Answer) => void)[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly onOrder: (answer: OrderAnswer) => void,
  ) {
    createInterface({ input: socket }).on("line", (line) => this.receive(JSON.parse(line) as Answer));
  }

  static open(address: Address, onOrder: (answer: OrderAnswer) => void = () => {}): Promise<EngineConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ ...address, noDelay: true, timeout: ANSWER_TIMEOUT_MS });
      socket.once("timeout", () => socket.destroy(new Error(`${address.host}:${address.port} does not answer`)));
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.setTimeout(0);
        socket.off("error", reject);
        // Whoever waits for an answer learns of the end by its own timeout.
        socket.on("error", () => socket.destroy());
        resolve(new EngineConnection(socket, onOrder));
      });
    });
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }

  send(order: Order): void {
    this.write({ order });
  }

  async status(): Promise<EngineStatus> {
    const answer = await this.request({ ask: "status" });
    if ("status" in answer) return answer.status;
    throw new Error("the engine answered something else than its status");
  }

  async holdings(): Promise<Holdings> {
    const answer = await this.request({ ask: "holdings" }, HOLDINGS_TIMEOUT_MS);
    if ("holdings" in answer) return answer.holdings;
    throw new Error("the engine answered something else than what it holds");
  }

  async tell(tell: "promote" | "stand-down" | "drain", timeoutMs = HOLDINGS_TIMEOUT_MS): Promise<void> {
    await this.request({ tell }, timeoutMs);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Answers to questions come in the order of the questions. */
  private request(request: Request, timeoutMs = ANSWER_TIMEOUT_MS): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        reject(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      this.waiting.push((answer) => {
        clearTimeout(timer);
        if ("failed" in answer) reject(new Error(answer.failed));
        else resolve(answer);
      });
      this.write(request);
    });
  }

  private write(request: Request): void {
    this.socket.write(`${JSON.stringify(request)}\n`);
  }

  private receive(answer: Answer): void {
    if ("answer" in answer) this.onOrder(answer);
    else this.waiting.shift()?.(answer);
  }
}
