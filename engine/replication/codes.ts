import type { RecoveryCode } from "../journal/recovery-error";

/** What one engine says of another, or of its own role, in its log: what it means, and what to do. */
export const REPLICATION_CODES = {
  RULES_VERSION: {
    means: "The releases of the two engines would produce different histories from the same commands.",
    instead: "Run both on the same release: drain, take a snapshot, stop both, start both on the new release.",
  },
  ROLE_CHANGED: {
    means: "The configuration makes an engine the standby although it was active until now. It becomes the standby.",
    instead: "Nothing, if the other engine is active; otherwise promote one of the two.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

/** A message that begins with its code. */
export const coded = (code: keyof typeof REPLICATION_CODES | RecoveryCode, text: string): string => `${code}: ${text}`;
