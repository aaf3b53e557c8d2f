import { Problem } from "../problems/problem";

/** `read` sees the account's orders, `trade` changes them, `admin` operates the engine. */
const SCOPES = ["read", "trade", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is asking, out of a verified token. */
export interface Identity {
  readonly subject: string;
  /** The account it trades for; undefined for an operator without one. */
  readonly account: number | undefined;
  readonly scopes: ReadonlySet<Scope>;
  readonly expiresAtSeconds: number;
  /** Subject and account as fields of JSON: part of every audit record, written once. */
  readonly auditFields: string;
}

/** No control characters and no halves of characters: audit records are lines, and rows of a database. */
const SUBJECT = /^\P{C}{1,128}$/u;

/** Reads the claims of a token whose signature was verified. A claim of the wrong kind is refused, never guessed at. */
export function identityFrom(claims: Record<string, unknown>, maxAccounts: number): Identity {
  const { sub, account, scope, exp } = claims;
  if (typeof sub !== "string" || !SUBJECT.test(sub))
    throw new Problem("UNAUTHORIZED", "claim sub must be 1 to 128 printable characters");
  if (typeof exp !== "number")
    throw new Problem("UNAUTHORIZED", "claim exp is missing; tokens without an expiry are rejected");
  if (account !== undefined && !isAccount(account, maxAccounts)) {
    throw new Problem("UNAUTHORIZED", `claim account must be a whole number from 1 to ${maxAccounts}`);
  }
  const granted = typeof scope === "string" ? scope.split(" ") : [];
  return {
    subject: sub,
    account: account as number | undefined,
    scopes: new Set(SCOPES.filter((candidate) => granted.includes(candidate))),
    expiresAtSeconds: exp,
    auditFields: auditFields(sub, account),
  };
}

export const auditFields = (subject: string, account: number | undefined): string =>
  JSON.stringify({ subject, account: account ?? null }).slice(1, -1);

const isAccount = (value: unknown, max: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= max;

export function requireScope(identity: Identity, scope: Scope): void {
  if (!identity.scopes.has(scope)) throw new Problem("FORBIDDEN", `scope ${scope} is required`);
}

/** The account of somebody who trades or reads an account's orders. */
export function requireAccount(identity: Identity): number {
  if (identity.account === undefined) throw new Problem("FORBIDDEN", "the token names no account");
  return identity.account;
}
