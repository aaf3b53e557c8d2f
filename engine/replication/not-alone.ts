/** A person's decision with which an active engine goes on without its standby. */
export type AloneDecision =
  /** It cannot be reached just now. */
  | "standby-away"
  /** It is gone for good and is never promoted: it may have been told that this engine has ended. */
  | "standby-lost";

/** Why an engine does not go on without its standby. The text says what to do. */
export class NotAlone extends Error {
  override readonly name = "NotAlone";
}

/** Why an engine that has told its standby where it ends does not acknowledge without it. */
export const saidFarewell = (sequence: number): string =>
  `this engine told its standby at shutdown that it ended with command ${sequence}, so the standby may be promoted without asking, ` +
  "and would lack what is acknowledged now. Start the standby and let it attach; if it is permanently lost and will not be " +
  "promoted, use the decision standby-lost";
