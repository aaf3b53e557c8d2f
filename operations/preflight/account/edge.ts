/** Plans of Cloudflare, in the order of what they allow. */
export const EDGE_PLANS = ["free", "pro", "business", "enterprise"] as const;
export type EdgePlan = (typeof EDGE_PLANS)[number];

export interface EdgeZone {
  readonly id: string;
  /** `active` once the registrar names Cloudflare's servers; `pending` before. */
  readonly status: string;
  readonly plan: EdgePlan;
  readonly nameServers: readonly string[];
}

/** Cloudflare, by the questions that are asked before a deploy. Throws `Unanswered` when it does not answer. */
export interface Edge {
  /** `active`, `disabled` or `expired`. */
  tokenStatus(): Promise<string>;
  /** Whether the token reaches the account. */
  accountVisible(accountId: string): Promise<boolean>;
  /** The zone of that name, or undefined. */
  zone(accountId: string, name: string): Promise<EdgeZone | undefined>;
  /** Ids of a zone's settings that its plan does not let anybody change. */
  fixedSettings(zoneId: string): Promise<readonly string[]>;
  /** Whether the account has bought load balancing. */
  loadBalancing(accountId: string): Promise<boolean>;
}
