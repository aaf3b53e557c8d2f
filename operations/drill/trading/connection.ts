import { createConnection, type Socket } from "node:net";
import { JsonLineSocket, type PromotionDecision } from "@hft/engine";
import type { Address, EngineSession } from "./engine-session";
import {
  type EngineAnswer,
  type EngineStatus,
  type Holdings,
  type Order,
  type OrderAnswer,
  orderKey,
  type Request,
} from "./messages";

const ANSWER_TIMEOUT_MS = 1_000;
/** A dump of everything takes longer. */
const HOLDINGS_TIMEOUT_MS = 30_000;

/** One connection to an engine process. */
export class EngineConnection implements EngineSession {
  private questions: ((answer: EngineAnswer) => void)[] = [];
  private readonly orders = new Map<string, (answer: OrderAnswer) => void>();

  private readonly socket: JsonLineSocket<Request, EngineAnswer>;

  private constructor(socket: Socket) {
    this.socket = new JsonLineSocket(socket, (answer) => this.receive(answer));
  }

  static open(address: Address): Promise<EngineConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ ...address, noDelay: true, timeout: ANSWER_TIMEOUT_MS });
      socket.once("timeout", () => socket.destroy(new Error(`${address.host}:${address.port} does not answer`)));
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.setTimeout(0);
        socket.off("error", reject);
        resolve(new EngineConnection(socket));
      });
    });
  }

  place(order: Order): Promise<OrderAnswer> {
    const key = orderKey(order);
    return this.within(ANSWER_TIMEOUT_MS, (resolve) => {
      this.orders.set(key, (answer) => {
        if (answer.answer === "accepted") return;
        this.orders.delete(key);
        resolve(answer);
      });
      this.socket.send({ order });
    });
  }

  async status(): Promise<EngineStatus> {
    const answer = await this.ask({ ask: "status" });
    if ("status" in answer) return answer.status;
    throw new Error("the engine's answer was not its status");
  }

  async holdings(): Promise<Holdings> {
    const answer = await this.ask({ ask: "holdings" }, HOLDINGS_TIMEOUT_MS);
    if ("holdings" in answer) return answer.holdings;
    throw new Error("the engine's answer was not its holdings");
  }

  async promote(decision: PromotionDecision): Promise<void> {
    await this.ask({ tell: decision === "planned" ? "promote" : "promote-peer-lost" }, HOLDINGS_TIMEOUT_MS);
  }

  async continueAlone(): Promise<void> {
    await this.ask({ tell: "continue-alone" }, HOLDINGS_TIMEOUT_MS);
  }

  close(): void {
    this.socket.close();
  }

  /** Answers to questions come in the order of the questions. */
  private async ask(request: Request, timeoutMs = ANSWER_TIMEOUT_MS): Promise<EngineAnswer> {
    const answer = await this.within<EngineAnswer>(timeoutMs, (resolve) => {
      this.questions.push(resolve);
      this.socket.send(request);
    });
    if ("failed" in answer) throw new Error(answer.failed);
    return answer;
  }

  private within<T>(timeoutMs: number, begin: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        reject(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      begin((value) => {
        clearTimeout(timer);
        resolve(value);
      });
    });
  }

  private receive(answer: EngineAnswer): void {
    if ("answer" in answer) this.orders.get(orderKey(answer))?.(answer);
    else this.questions.shift()?.(answer);
  }
}
