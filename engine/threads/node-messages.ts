import type { Role } from "./engine";

/** A limit order for an engine process. Ids are unique by account. */
export interface NodeOrder {
  readonly id: number;
  /** 0 buys, 1 sells. */
  readonly side: 0 | 1;
  readonly price: number;
  readonly quantity: number;
  readonly account?: number;
  readonly symbol?: number;
}

/** One line to an engine process. */
export interface NodeRequest {
  readonly order?: NodeOrder;
  readonly id?: number;
  readonly ask?:
    | "status"
    | "promote"
    | "promote-peer-lost"
    | "continueAlone"
    | "continueAlone-standby-lost"
    | "snapshot"
    | "history"
    | "close";
}

/** The first line of an engine process: where it takes requests, and where a standby of it connects. */
export interface NodePorts {
  readonly port: number;
  readonly replicationPort: number;
}

/** One line from an engine process. */
export interface NodeAnswer {
  readonly accepted?: readonly number[];
  readonly durable?: readonly number[];
  readonly rejected?: number;
  /** Not even taken: the queue is full, or the engine is not active. */
  readonly refused?: number;
  readonly reason?: number | string;
  readonly role?: Role;
  readonly epoch?: number;
  readonly notice?: string;
  readonly answer?: { readonly id: number; readonly value?: unknown; readonly error?: string };
}
