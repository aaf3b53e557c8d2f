import { WebSocket } from "ws";
import type { Identity } from "../access/identity";

/**
 * Why the engine cut a connection: the label of the metric and the reason that the client reads, with the close code of
 * RFC 6455 7.4.1, what it means, and what the client does instead.
 */
export const DROPS = {
  slow: {
    closeCode: 1008,
    means:
      "The client did not read messages fast enough, or did not answer a ping. The connection is cut without a close frame.",
    instead: "Read faster or subscribe to less; reconnect and start from the snapshots.",
  },
  oversized: {
    closeCode: 1009,
    means: "A message was larger than allowed.",
    instead: "Send fewer commands in one frame.",
  },
  malformed: {
    closeCode: 1007,
    means: "A message was neither valid JSON of a known type nor a whole number of binary commands.",
    instead: "Send messages in the documented format.",
  },
  capacity: {
    closeCode: 1013,
    means: "The engine has reached its maximum number of connections and answers the upgrade with 503.",
    instead: "Use fewer connections; try again later.",
  },
  unauthorized: {
    closeCode: 1008,
    means: "The token is missing, has expired or lacks the scope; the close reason says which.",
    instead: "Reconnect with a valid token, and send a new one before it expires.",
  },
  drain: {
    closeCode: 1001,
    means: "The engine is shutting down.",
    instead: "Reconnect: another engine or a new process takes over.",
  },
} as const satisfies Readonly<Record<string, { closeCode: number; means: string; instead: string }>>;
export type DropReason = keyof typeof DROPS;
export const DROP_REASONS = Object.keys(DROPS) as DropReason[];

/** A peer that does not finish the closing handshake is forgotten after this. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Node's timers hold no more milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** One client: who it is, what it listens to, and how far behind it is. */
export class Connection {
  identity: Identity | undefined;
  /** What it was identified by, and the generation of signing keys that the token was last verified with. */
  token: string | undefined;
  generation = 0;
  private expiry: NodeJS.Timeout | undefined;
  answeredPing = true;
  /** Binary commands that the engine took from it. */
  commands = 0;
  /** Newest command of this connection that has had events but is not known to be durable. */
  undurable = 0;

  constructor(
    readonly number: number,
    /** The client's, behind any trusted proxies. */
    readonly address: string,
    private readonly socket: WebSocket,
    private readonly maxBufferedBytes: number,
    private readonly onDrop: (reason: DropReason) => void,
  ) {}

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** From now on it acts for this identity, until the token ends, or until a newer one of the same identity does. */
  identify(identity: Identity, token: string): void {
    this.forget();
    this.identity = identity;
    this.token = token;
    this.endWithToken();
  }

  /** False, and the end of the connection, once its token has ended: a timer alone may come late. */
  endUnlessValid(): boolean {
    if (!this.identity || this.identity.expiresAtSeconds * 1_000 > Date.now()) return true;
    this.drop("unauthorized", "the token has expired");
    return false;
  }

  forget(): void {
    clearTimeout(this.expiry);
  }

  private endWithToken(): void {
    const { expiresAtSeconds } = this.identity as Identity;
    const leftMs = expiresAtSeconds * 1_000 - Date.now();
    this.expiry = setTimeout(
      () => this.endUnlessValid() && this.endWithToken(),
      Math.min(Math.max(leftMs, 0), TIMER_MAX_MS),
    ).unref();
  }

  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** One text for many connections is made once. */
  sendText(text: string): void {
    if (this.keepsUp()) this.socket.send(text);
  }

  /** `onTaken`: the socket needs the bytes no more. */
  sendBytes(bytes: Buffer, onTaken: () => void): void {
    if (this.keepsUp()) this.socket.send(bytes, onTaken);
    else onTaken();
  }

  ping(): void {
    this.answeredPing = false;
    this.socket.ping();
  }

  /** Ends the connection with a reason. A slow reader would never read it, and is cut off at once. */
  drop(reason: DropReason, detail: string = reason): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.onDrop(reason);
    if (reason === "slow") {
      this.socket.terminate();
      return;
    }
    this.socket.close(DROPS[reason].closeCode, detail);
    setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  private keepsUp(): boolean {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    if (this.socket.bufferedAmount <= this.maxBufferedBytes) return true;
    this.drop("slow");
    return false;
  }
}
