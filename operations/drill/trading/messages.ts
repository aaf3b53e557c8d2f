/** Lines of JSON over TCP between the drill and an engine process. One object a line, both ways. */

/**
 * The load has a symbol of its own, so that probes and verifying trades meet nobody else, as an exchange's test symbol
 * does.
 */
export enum DrillSymbol {
  Load = 0,
  Test = 1,
}

/** A limit order, numbered by its sender: the number comes back in every answer and tells a repeat from a new order. */
export interface Order {
  readonly symbol: DrillSymbol;
  readonly account: number;
  readonly clientOrderId: number;
  readonly side: "buy" | "sell";
  readonly quantityLots: number;
  readonly priceTicks: number;
}

export type Request =
  | { readonly order: Order }
  | { readonly ask: "status" | "holdings" }
  | { readonly tell: "promote" | "promote-peer-lost" | "continue-alone" };

/** Who said it: acknowledgements of two engines in one moment would be a split brain. */
export interface Origin {
  readonly region: string;
  readonly epoch: number;
}

export type OrderAnswer = Origin & {
  readonly account: number;
  readonly clientOrderId: number;
} & (
    | { readonly answer: "accepted" | "durable" | "duplicate" }
    /** `reason` is the engine's own: fenced, standby, queue-full … */
    | { readonly answer: "rejected"; readonly reason: string }
  );

type Role = "active" | "standby" | "fenced" | "failed";

export interface EngineStatus extends Origin {
  readonly role: Role;
  /** Newest command that is safe by the stated replication mode. */
  readonly durableSequence: number;
  /** `attached`: both regions acknowledge; `waiting`: the standby is needed and away; `alone`: it was given up. */
  readonly replication: "alone" | "waiting" | "attached" | "following" | "searching";
  /** Of an active engine. */
  readonly standby?: "attached" | "catching-up" | "absent";
  /** Of an active engine: age of the oldest command that the standby lacks; undefined while nobody knows. */
  readonly replicationLagSeconds?: number;
  /** Of a standby: last command of its former leader, which ended in good order. */
  readonly leaderEndedAt?: number;
  readonly replicationMode: string;
}

export interface Execution {
  readonly id: string;
  readonly buyer: number;
  readonly seller: number;
  readonly quantityLots: number;
}

/** Everything that an engine holds, from its journal and not from its memory. */
export interface Holdings extends Origin {
  /** How often each order took effect: `account/clientOrderId` to a count. */
  readonly orders: Readonly<Record<string, number>>;
  readonly executions: readonly Execution[];
  /** Net lots by account, as the engine itself has them. */
  readonly positions: Readonly<Record<string, number>>;
}

export type EngineAnswer =
  | OrderAnswer
  | { readonly status: EngineStatus }
  | { readonly holdings: Holdings }
  | { readonly done: true }
  | { readonly failed: string };

export function orderKey({ account, clientOrderId }: Pick<Order, "account" | "clientOrderId">): string {
  return `${account}/${clientOrderId}`;
}
