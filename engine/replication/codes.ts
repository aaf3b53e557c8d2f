import type { RecoveryCode } from "../journal/recovery-error";

/** What one engine says of another, or of its own role, in its log: what it means, and what to do. */
export const REPLICATION_CODES = {
  RULES_VERSION: {
    means: "The releases of the two engines would make different histories of the same commands.",
    instead: "Run both on one release: drain, take a snapshot, stop both, start both on the new one.",
  },
  ROLE_CHANGED: {
    means: "The configuration tells an engine to stand by that has led until now. It does so.",
    instead: "Nothing where the other one leads; otherwise promote one of the two.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

/** A message that begins with its code. */
export const coded = (code: keyof typeof REPLICATION_CODES | RecoveryCode, text: string): string => `${code}: ${text}`;
