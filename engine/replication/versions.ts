import { JOURNAL_VERSION } from "../journal/format";
import { RULES_VERSION } from "../matching/rules-version";
import { coded } from "./codes";

/**
 * What two engines must agree in before one follows the other. A release that says nothing is older than both fields.
 */
export interface Versions {
  readonly rules?: number;
  readonly journal?: number;
}

export const OWN_VERSIONS: Required<Versions> = { rules: RULES_VERSION, journal: JOURNAL_VERSION };

/** Why two releases may not follow each other, and what to do; undefined when they may. */
export function versionConflict(theirs: Versions, own: Required<Versions> = OWN_VERSIONS): string | undefined {
  if (theirs.rules === own.rules && theirs.journal === own.journal) return undefined;
  return coded(
    "RULES_VERSION",
    `the other engine's release applies ${textOf(theirs)}, this one ${textOf(own)}; the same commands would ` +
      "produce different histories. Run both on the same release: drain, take a snapshot, stop both, and start both on the " +
      'new release ("Upgrading" in docs/engine.md)',
  );
}

const textOf = ({ rules, journal }: Versions): string =>
  rules === undefined ? "rules whose version it does not send" : `rules ${rules} in journal format ${journal}`;
