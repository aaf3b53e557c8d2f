/**
 * - `ok`: it is there.
 * - `later`: it cannot be there yet, because an earlier stack of the same deploy makes its place.
 * - `missing`: the deploy would fail, or what it deploys would not start.
 * - `unknown`: nobody could be asked. That is no permission to go on, and no refusal either.
 */
export type Verdict = "ok" | "later" | "missing" | "unknown";

/** What one check found about one thing. */
export interface Finding {
  /** Stable id of the check, `PRE-IAM-1`. */
  readonly check: string;
  /** What was looked at: `role on-call`, `eu-west-1: c7i.4xlarge in zone a`. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** What is there, with the value. */
  readonly found: string;
  /** What to do about it; there when the verdict is not `ok`. */
  readonly remedy?: string;
}

/** A call to the account that was not answered: no right, no network, no such service. */
export class Unanswered extends Error {}
