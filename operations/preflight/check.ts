import type { Account } from "./account/account";
import type { Edge } from "./account/edge";
import type { ImageRegistry } from "./account/image-registry";
import { type Finding, Unanswered } from "./finding";
import type { Needs } from "./needs";

/** Whom a check may ask. */
export interface Sources {
  readonly account: Account;
  readonly edge: Edge;
  readonly registry: ImageRegistry;
}

/** One question to the account. */
export interface Check {
  /** Stable id, `PRE-IAM-1`. */
  readonly id: string;
  /** What it is about, for the table: "IAM roles of access entries". */
  readonly title: string;
  /** What to do where it is missing, in general; a finding says it with its values. */
  readonly instead: string;
  run(needs: Needs, sources: Sources): Promise<readonly Omit<Finding, "check">[]>;
}

export type CheckAnswer = Omit<Finding, "check">;

export const ok = (subject: string, found: string): CheckAnswer => ({ subject, verdict: "ok", found });
export const missing = (subject: string, found: string, remedy: string): CheckAnswer => ({
  subject,
  verdict: "missing",
  found,
  remedy,
});
export const later = (subject: string, found: string, remedy: string): CheckAnswer => ({
  subject,
  verdict: "later",
  found,
  remedy,
});
export const unknown = (subject: string, found: string, remedy: string): CheckAnswer => ({
  subject,
  verdict: "unknown",
  found,
  remedy,
});

/**
 * Runs all checks at the same time. A check whose question was not answered is `unknown`, with what stood in the way; a
 * mistake of this program is thrown.
 */
export async function runChecks(checks: readonly Check[], needs: Needs, sources: Sources): Promise<Finding[]> {
  const found = await Promise.all(
    checks.map(async (check) => {
      try {
        return (await check.run(needs, sources)).map((answer) => ({ check: check.id, ...answer }));
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        const remedy = "grant the permission or fix the connection that is named, then run it again";
        return [{ check: check.id, ...unknown(check.title, error.message, remedy) }];
      }
    }),
  );
  return found.flat();
}
