import { WebSocket } from "ws";
import { reasonOf } from "./canary-client";
import { StepFault } from "./step";
import { agentFor, type Target } from "./target";

const TIMEOUT_MS = 10_000;
const LOOK = "check that the edge and the gateway forward WebSockets, and check the engine's log";

export type StreamMessage = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A WebSocket of the canary account; remembers what it was told. */
export class CanaryStream {
  private readonly messages: StreamMessage[] = [];
  private closed: string | undefined;
  private awake: () => void = () => undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (!binary) this.messages.push(JSON.parse(data.toString()) as StreamMessage);
      this.awake();
    });
    socket.on("close", (code, reason) => {
      this.closed = `closed with ${code} ${reason.toString()}`.trim();
      this.awake();
    });
    socket.on("error", () => undefined);
  }

  /** @throws Fault */
  static async open(target: Target): Promise<CanaryStream> {
    const socket = new WebSocket(`${target.url.replace(/^http/, "ws")}/ws`, {
      headers: { authorization: `Bearer ${target.token}` },
      handshakeTimeout: TIMEOUT_MS,
      agent: agentFor(target),
    });
    const stream = new CanaryStream(socket);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("open", resolve);
        socket.once("unexpected-response", (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
        socket.once("error", reject);
      });
    } catch (error) {
      throw new StepFault(`/ws: ${reasonOf(error)}`, LOOK);
    }
    return stream;
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message like that, now or later. @throws Fault */
  async message(what: string, fits: (message: StreamMessage) => boolean): Promise<StreamMessage> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      const leftMs = deadline - Date.now();
      if (this.closed || leftMs <= 0) {
        throw new StepFault(`/ws: ${this.closed ?? `${TIMEOUT_MS / 1000} s`}, without ${what}`, LOOK);
      }
      await this.news(leftMs);
    }
  }

  close(): void {
    this.socket.terminate();
  }

  private async news(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.awake = resolve;
      timer = setTimeout(resolve, withinMs);
    });
    clearTimeout(timer);
  }
}
