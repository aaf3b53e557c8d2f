/** How this engine stands to its peer, as stored in the gauge PeerState. */
const STATES = ["alone", "waiting", "attached", "following", "searching"] as const;

export type PeerState = (typeof STATES)[number];

export const peerStateOf = (code: number): PeerState => STATES[code] ?? "alone";
export const peerStateCode = (state: PeerState): number => STATES.indexOf(state);
