/** Whether an active engine has a standby, as stored in the gauge StandbyPresence. */
const PRESENCES = ["never seen", "absent", "catching-up", "attached"] as const;

type Presence = (typeof PRESENCES)[number];

/**
 * `attached`: nothing is acknowledged without it; `catching-up`: it follows and lacks commands; `absent`: none is
 * there.
 */
export type StandbyPresence = Exclude<Presence, "never seen">;
export const STANDBY_PRESENCES: readonly StandbyPresence[] = ["attached", "catching-up", "absent"];

export const presenceCode = (presence: Presence): number => PRESENCES.indexOf(presence);

export function standbyPresenceOf(code: number): StandbyPresence {
  const presence = PRESENCES[code] ?? "never seen";
  return presence === "never seen" ? "absent" : presence;
}

/** Until a standby has been here, nobody knows what it lacks. */
export const standbyWasSeen = (code: number): boolean => code !== presenceCode("never seen");
