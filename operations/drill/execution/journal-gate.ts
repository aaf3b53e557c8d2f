import type { Measurement } from "./drill-target";

/** What is known of a region's engine, whether it was asked itself or its metrics were read. */
export interface EngineFacts {
  readonly region: string;
  readonly role: "active" | "standby" | "fenced" | "failed" | "silent";
  readonly epoch?: number;
  /** Newest command in its journal. */
  readonly sequence?: number;
  /** Of an active engine. */
  readonly standby?: "attached" | "catching-up" | "absent";
  /** Of an active engine: age of the oldest command that its standby lacks. */
  readonly lagSeconds?: number;
  /** Of a standby: last command of its former leader, which ended in good order. */
  readonly leaderEndedAt?: number;
}

/**
 * Whether `to` may go on in the place of `from` and nothing that was acknowledged is missing. The one definition, for
 * rehearsals and for the live platform: while `from` is active, `to` is attached, so nothing is acknowledged without
 * it; once `from` is fenced, both journals end with the same command. A small lag is neither of the two.
 */
export function journalFollows(from: EngineFacts, to: EngineFacts, rpoSeconds: number): Measurement {
  const saw = `${describe(from)}; ${describe(to)}`;
  if (to.role !== "standby") return { holds: false, saw };
  if (from.role === "active") {
    const attached = from.standby === "attached" && from.epoch === to.epoch;
    return { holds: attached && from.lagSeconds !== undefined && from.lagSeconds <= rpoSeconds, saw };
  }
  const end = from.role === "silent" ? to.leaderEndedAt : from.sequence;
  return { holds: end !== undefined && end === to.sequence, saw };
}

function describe({ region, role, epoch, sequence, standby, lagSeconds, leaderEndedAt }: EngineFacts): string {
  const parts = [
    role,
    epoch !== undefined && `epoch ${epoch}`,
    sequence !== undefined && `command ${sequence}`,
    standby !== undefined && `standby ${standby}`,
    lagSeconds !== undefined && `lag ${lagSeconds.toFixed(3)} s`,
    leaderEndedAt !== undefined && `its leader ended with command ${leaderEndedAt}`,
  ];
  return `${region}: ${parts.filter(Boolean).join(", ")}`;
}
