import type { EngineStatus, Holdings, Order, OrderAnswer } from "./messages";

/** How an engine process is started. Survives a restart: everything else comes from the journal. */
export interface HostOptions {
  readonly region: string;
  readonly directory: string;
  readonly role: "active" | "standby";
  /** Port for orders and questions. */
  readonly port: number;
  /** Port for the other region's engine. */
  readonly replicationPort: number;
  readonly peer: { readonly host: string; readonly port: number };
}

/** What a host process needs of the engine inside it. */
export interface HostedEngine {
  status(): EngineStatus;
  /** Answers twice when all goes well: accepted, then durable. */
  place(order: Order, answer: (answer: OrderAnswer) => void): void;
  holdings(): Promise<Holdings>;
  promote(): Promise<void>;
  /** Makes everything durable and ends. */
  drain(): Promise<void>;
}
