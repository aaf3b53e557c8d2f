/** What the engine sends over its WebSocket, as far as the screen uses it. */
export type Level = [price: string, quantity: string];
export interface Trade {
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: "buy" | "sell";
  readonly time: string;
}
export interface Order {
  readonly orderId: number;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly price?: string;
  readonly stopPrice?: string;
  readonly remainingQuantity: string;
  readonly status: string;
}
export type Message =
  | { type: "authenticated"; account: number | null; expiresAt: string }
  | { type: "book"; snapshot: boolean; symbol: string; bids: Level[]; asks: Level[] }
  | { type: "trades"; symbol: string; trades: Trade[] }
  | { type: "orders"; snapshot: boolean; orders: Order[] };

const RECONNECT_FIRST_MS = 250;
const RECONNECT_MAX_MS = 5_000;
const TOKEN_KEY = "engine-token";
/** A newer token is fetched when this share of the present one's time is over. */
const RENEW_AFTER = 0.8;
/** Browsers' timers hold no more milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * One WebSocket that comes back by itself, and requests with the same token. Where the engine hands out tokens, a newer
 * one is said on the same connection before the present one ends.
 */
export class EngineClient {
  private socket: WebSocket | undefined;
  private waitMs = RECONNECT_FIRST_MS;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private token = sessionStorage.getItem(TOKEN_KEY) ?? "";

  constructor(
    private readonly onMessage: (message: Message) => void,
    private readonly onState: (live: boolean) => void,
  ) {}

  /** Where the engine hands out tokens (development) one is fetched; elsewhere the user is asked for theirs. */
  async start(): Promise<void> {
    if (!this.token) this.keep((await handedOut()) ?? prompt("Token of your account") ?? "");
    this.connect();
  }

  async request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body ? { "content-type": "application/json", "idempotency-key": crypto.randomUUID() } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const result = await answer.json();
    // Texts are for people; codes only where a text is missing.
    if (!answer.ok) throw new Error([result.title, result.detail ?? result.reason].filter(Boolean).join(": "));
    return result;
  }

  send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws`);
    this.socket = socket;
    socket.onopen = () => this.send({ type: "authenticate", token: this.token });
    let live = false;
    socket.onmessage = ({ data }) => {
      const message: Message = JSON.parse(data);
      if (message.type === "authenticated") {
        this.renewBefore(Date.parse(message.expiresAt));
        // The answer to a newer token: the connection has gone on.
        if (live) return;
        live = true;
        this.waitMs = RECONNECT_FIRST_MS;
        this.onState(true);
      }
      this.onMessage(message);
    };
    socket.onclose = ({ code }) => {
      clearTimeout(this.renewal);
      this.onState(false);
      // 1008: the token was not accepted, or has ended. Another one is asked for.
      if (code === 1008) this.keep("");
      this.again();
    };
  }

  private again(): void {
    setTimeout(() => this.start().catch(() => this.again()), this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, RECONNECT_MAX_MS);
  }

  private renewBefore(endMs: number): void {
    clearTimeout(this.renewal);
    const waitMs = Math.max(0, endMs - Date.now()) * RENEW_AFTER;
    this.renewal = setTimeout(() => void this.renew(), Math.min(waitMs, TIMER_MAX_MS));
  }

  private async renew(): Promise<void> {
    const token = await handedOut().catch(() => undefined);
    if (token === undefined) return;
    this.keep(token);
    this.send({ type: "authenticate", token });
  }

  private keep(token: string): void {
    this.token = token;
    if (token) sessionStorage.setItem(TOKEN_KEY, token);
    else sessionStorage.removeItem(TOKEN_KEY);
  }
}

/** A token of the engine's own, which it gives on a developer's machine only. */
async function handedOut(): Promise<string | undefined> {
  const answer = await fetch("/api/development/token", { method: "POST" });
  return answer.ok ? (await answer.json()).token : undefined;
}
