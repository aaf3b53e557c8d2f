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
  | { type: "authenticated"; account: number | null }
  | { type: "book"; snapshot: boolean; symbol: string; bids: Level[]; asks: Level[] }
  | { type: "trades"; symbol: string; trades: Trade[] }
  | { type: "orders"; snapshot: boolean; orders: Order[] };

const RECONNECT_FIRST_MS = 250;
const RECONNECT_MAX_MS = 5_000;
const TOKEN_KEY = "engine-token";

/** One WebSocket that comes back by itself, and requests with the same token. */
export class EngineClient {
  private socket: WebSocket | undefined;
  private waitMs = RECONNECT_FIRST_MS;
  private token = sessionStorage.getItem(TOKEN_KEY) ?? "";

  constructor(
    private readonly onMessage: (message: Message) => void,
    private readonly onState: (live: boolean) => void,
  ) {}

  /** Where the engine hands out tokens (development) one is fetched; elsewhere the user is asked for theirs. */
  async start(): Promise<void> {
    if (!this.token) {
      const answer = await fetch("/api/development/token", { method: "POST" });
      this.token = answer.ok ? (await answer.json()).token : (prompt("Token of your account") ?? "");
      sessionStorage.setItem(TOKEN_KEY, this.token);
    }
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
    if (!answer.ok) throw new Error([result.title, result.reason, result.detail].filter(Boolean).join(": "));
    return result;
  }

  send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws`);
    this.socket = socket;
    socket.onopen = () => this.send({ type: "authenticate", token: this.token });
    socket.onmessage = ({ data }) => {
      const message: Message = JSON.parse(data);
      if (message.type === "authenticated") {
        this.waitMs = RECONNECT_FIRST_MS;
        this.onState(true);
      }
      this.onMessage(message);
    };
    socket.onclose = ({ code }) => {
      this.onState(false);
      // 1008: the token was not accepted. The next start asks for another one.
      if (code === 1008) sessionStorage.removeItem(TOKEN_KEY);
      setTimeout(() => this.connect(), this.waitMs);
      this.waitMs = Math.min(this.waitMs * 2, RECONNECT_MAX_MS);
    };
  }
}
