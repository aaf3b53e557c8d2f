import type { PromotionDecision } from "@hft/engine";
import type { EngineStatus, Holdings, Order, OrderAnswer } from "./messages";

/**
 * The way of a client into an engine. Whoever waits too long gets an error: a lost engine does not say that it is lost.
 */
export interface EngineSession {
  /** Sends one order and waits until it is durable, known already, or refused. */
  place(order: Order): Promise<OrderAnswer>;
  status(): Promise<EngineStatus>;
  holdings(): Promise<Holdings>;
  /** Makes a standby the active engine. */
  promote(decision: PromotionDecision): Promise<void>;
  /** Lets an active engine acknowledge without its standby. */
  continueAlone(): Promise<void>;
  close(): void;
}

export type OpenEngineSession = (address: Address) => Promise<EngineSession>;

export interface Address {
  readonly host: string;
  readonly port: number;
}
