import { until } from "@hft/testing";
import { WebSocket } from "ws";
import {
  COMMAND_BYTES,
  COMMAND_WORDS,
  CommandEncoder,
  EVENT_BYTES,
  EVENT_WORDS,
  EventBatch,
  type EventRecord,
  RecordBuffer,
} from "..";

type Message = { readonly type: string } & Record<string, unknown>;

/** A client of the engine's WebSocket for tests: remembers what it was sent. */
export class WebSocketClient {
  readonly messages: Message[] = [];
  readonly events: EventRecord[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.events.push(...eventsOf(data));
      else this.messages.push(JSON.parse(data.toString()));
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on("error", () => {});
  }

  /** Connects; with a token in the header, or without one as a browser would. */
  static async connect(url: string, token?: string, headers: Record<string, string> = {}): Promise<WebSocketClient> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, {
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      perMessageDeflate: false,
    });
    const client = new WebSocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("unexpected-response", (_request, response) =>
        reject(new Error(`refused with ${response.statusCode}`)),
      );
      socket.once("error", reject);
    });
    return client;
  }

  say(message: object | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Commands as one binary frame. */
  command(count: number, write: (encoder: CommandEncoder, index: number) => void): void {
    const records = RecordBuffer.allocate(count, COMMAND_WORDS);
    const encoder = new CommandEncoder(records);
    for (let index = 0; index < count; index++) write(encoder, index);
    this.socket.send(Buffer.from(records.buffer as ArrayBuffer, 0, count * COMMAND_BYTES));
  }

  /** The first message of a type, now or later. */
  async message(type: string, matching: (message: Message) => boolean = () => true): Promise<Message> {
    const find = () => this.messages.find((message) => message.type === type && matching(message));
    await until(
      () => find() !== undefined,
      `a message of type ${type}; came: ${JSON.stringify(this.messages).slice(0, 500)}`,
    );
    return find() as Message;
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await until(() => this.closed !== undefined, "the end of the connection");
  }
}

function eventsOf(frame: Buffer): EventRecord[] {
  const count = frame.length / EVENT_BYTES;
  const size = 2 ** Math.ceil(Math.log2(Math.max(count, 1)));
  const records = RecordBuffer.allocate(size, EVENT_WORDS);
  records.bytes.set(frame);
  const batch = new EventBatch(records).set(0, count);
  return Array.from({ length: count }, (_, index) => batch.at(index).copy());
}
