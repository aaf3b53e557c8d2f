import { epochEnded, type RecoveryError } from "../journal/recovery-error";
import { coded } from "./codes";
import type { ConfiguredRole, Leadership, RoleMemory } from "./role-memory";

/** What a role at the start is decided by. */
export interface StartFacts {
  readonly memory: RoleMemory;
  /** Epoch of the newest command on the own disk; 0 when it is empty. */
  readonly journalEpoch: number;
  readonly configured: ConfiguredRole;
  /** The configured role is only where a new pair begins: what this engine was last counts more. */
  readonly unlessRemembered: boolean;
}

export interface StartDecision {
  readonly role: "active" | "standby";
  /** Why it is not active, although it was to be. */
  readonly refusal?: RecoveryError;
  /** Why it is another one than it was last. */
  readonly notice?: string;
}

/**
 * The role of an engine whose peer does not lead. Two engines that restart in any order must come to one active engine,
 * the one that led the newest epoch: its journal has everything that was acknowledged. So what an engine remembers
 * counts more than its place in a set, and nobody goes on in an epoch that is over, or that another one has led.
 */
export function roleAtStart({ memory, journalEpoch, configured, unlessRemembered }: StartFacts): StartDecision {
  const { leadership, following } = memory;
  const known = memory.knownEpoch(journalEpoch);
  const remembered = leadership ? "active" : following ? "standby" : undefined;
  const wanted = unlessRemembered || promotedAgainst(configured, leadership) ? (remembered ?? configured) : configured;
  if (wanted === "standby") return { role: "standby", ...(leadership && { notice: toldOtherwise(leadership.epoch) }) };
  const own = Math.max(journalEpoch, leadership?.epoch ?? 0);
  if (known > own) return { role: "standby", refusal: epochEnded(own, known) };
  if (!leadership && following) return { role: "standby", refusal: epochEnded(0, following.epoch) };
  return { role: "active" };
}

/**
 * A promotion is a decision that is newer than a configuration which has told the engine to stand by ever since. One
 * that says something else than when the engine began to lead is newer than that.
 */
const promotedAgainst = (configured: ConfiguredRole, leadership: Leadership | undefined): boolean =>
  configured === "standby" && leadership?.told === "standby";

const toldOtherwise = (epoch: number): string =>
  coded(
    "ROLE_CHANGED",
    `this engine was active in epoch ${epoch}, but its configuration now says standby, so it is the standby. If the ` +
      "other engine is not active, promote one of the two",
  );
