import type { PromotionDecision } from "@hft/engine";

/** A value that an environment file can hold. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** One reviewed change of an environment's file. */
export interface EnvironmentChange {
  /** Field by its path, `activeRegion` or `database.generation.eu-west-1`. */
  readonly field: string;
  readonly to: Value;
}

/**
 * Something that must become true, and that can be looked at without changing anything. Each has a command that shows
 * it to a person and to a live drill (`live/conditions.ts`), and a measurement inside the rehearsal
 * (`rehearsed/conditions.ts`).
 */
export type Condition =
  /** Users are answered at the public address. */
  | { readonly name: "service-answers" }
  /** Users are not answered at the public address. */
  | { readonly name: "service-silent" }
  /** The cloud's and the cluster's interfaces of a region answer. */
  | { readonly name: "region-answers"; readonly region: string }
  | { readonly name: "region-silent"; readonly region: string }
  /** The engine of a region takes orders and makes them durable. */
  | { readonly name: "engine-active"; readonly region: string }
  /** No engine of a region acknowledges an order, whether it is dead, cut off or fenced. */
  | { readonly name: "engine-acknowledges-nothing"; readonly region: string }
  /**
   * The standby has everything that was acknowledged: it is attached to the active engine, or, once that one is fenced,
   * both journals end with the same command.
   */
  | { readonly name: "journal-follows"; readonly from: string; readonly to: string }
  /** The region's database follows the other one within the recovery point objective. */
  | { readonly name: "database-follows"; readonly region: string }
  | { readonly name: "database-leads"; readonly region: string }
  /** Rows in the database equal what the journal says. */
  | { readonly name: "database-equals-journal"; readonly region: string }
  | { readonly name: "database-differs-from-journal"; readonly region: string }
  /** The load balancer at the edge sends users to a region. */
  | { readonly name: "edge-points-to"; readonly region: string }
  /** States of a region's stacks can be read. */
  | { readonly name: "state-readable"; readonly region: string }
  | { readonly name: "state-missing"; readonly region: string }
  /** Clients with a token of the current key are let in. */
  | { readonly name: "clients-admitted" }
  | { readonly name: "clients-refused" }
  /** A newest backup is not older than the recovery point objective of a restore. */
  | { readonly name: "backup-recent"; readonly region: string };

/**
 * An order to a running system that no file describes, so that no later apply undoes it: each one ends in itself
 * (a rotation, a restart, a copy) or is followed by a deploy that describes its result.
 */
export type Imperative =
  /** Tells what can still be reached of a region's engines to stop; what cannot be reached is cut off by its epoch. */
  | { readonly name: "fence-writers"; readonly region: string; readonly survivor: string }
  /**
   * Makes a region's standing-by engine the active one, in a new epoch. `planned`: it refuses when it may lack
   * something that was acknowledged; `peer-lost`: the other engine is gone and cannot be asked. Its role is
   * deployed right after, so that a restart keeps it.
   */
  | { readonly name: "promote-engine"; readonly region: string; readonly decision: PromotionDecision }
  /**
   * Takes the old primary out of Terraform's state and keeps it for reconciliation: RDS cannot make it a replica again.
   */
  | { readonly name: "set-database-aside"; readonly region: string }
  /** Kills the primary's host so that the standby in the next zone takes over. */
  | { readonly name: "force-database-failover"; readonly region: string }
  | { readonly name: "back-up"; readonly region: string }
  | { readonly name: "restore-database"; readonly region: string; readonly to: string }
  /** Copies the states of a region's stacks back from the other region's bucket. */
  | { readonly name: "restore-states"; readonly region: string; readonly from: string }
  | { readonly name: "rotate-secret"; readonly secret: SecretName; readonly region: string }
  /** Restarts the pods that read configuration only at their start. */
  | { readonly name: "restart-engine"; readonly region: string };

export type SecretName = "engine-token-key" | "database-password";

/** What a rehearsal breaks. On a live system the fault is there already, or people stage it. */
export type Fault =
  | { readonly name: "region-lost"; readonly region: string }
  | { readonly name: "zone-lost"; readonly region: string }
  | { readonly name: "database-lost"; readonly region: string }
  | { readonly name: "data-corrupted"; readonly region: string }
  | { readonly name: "states-lost"; readonly region: string }
  | { readonly name: "bad-release"; readonly region: string }
  | { readonly name: "secret-expired"; readonly region: string }
  | { readonly name: "edge-blinded"; readonly region: string };

/** One thing that a step does. Runbooks print the same list that the runner carries out. */
export type Action =
  | { readonly kind: "ask"; readonly question: string }
  | { readonly kind: "await"; readonly condition: Condition }
  | { readonly kind: "perform"; readonly order: Imperative }
  | Deploy
  /** Plans stacks and demands that nothing would change. */
  | { readonly kind: "expect-no-changes"; readonly stacks: readonly string[] }
  /** Sends a pair of orders that trade, and follows them to positions and durable acknowledgements. */
  | { readonly kind: "trade" }
  /** Compares every order that clients saw acknowledged with what the survivor holds. */
  | { readonly kind: "reconcile" }
  /** Brings a lost engine back as if it were still active, and sends it orders. Only in a rehearsal. */
  | { readonly kind: "attempt-split-brain"; readonly region: string }
  | { readonly kind: "inflict"; readonly fault: Fault }
  | { readonly kind: "repair"; readonly fault: Fault };

export interface Deploy {
  readonly kind: "deploy";
  /** Changes of the environment's file, committed with the recovery. @default - redeploys what is described */
  readonly changes?: readonly EnvironmentChange[];
  /** Stacks by layer and region, in order. */
  readonly stacks: readonly string[];
}
