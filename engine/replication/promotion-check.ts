import { ask } from "./ask";
import type { PeerAddress } from "./peer-connection";
import type { LeaderEnd } from "./role-memory";
import { FrameKind, type LeaderProgress, readPosition, send } from "./wire";

/** A person's decision with which a standby is promoted. */
export type PromotionDecision =
  /** The former leader can be asked, or ended in good order: nothing that was acknowledged may be missing here. */
  | "planned"
  /** It is gone and cannot be asked: what it acknowledged without this standby stays on its disk. */
  | "peer-lost";

/** What this standby has. */
export interface OwnPosition {
  readonly epoch: number;
  readonly durable: number;
  /** Where the leader that it followed ended in good order. */
  readonly leaderEnd: LeaderEnd | undefined;
}

/** Why a standby is not promoted. The text says what to do. */
export class PromotionRefused extends Error {
  override readonly name = "PromotionRefused";
}

/** How far the peer is; undefined when it does not answer. */
export async function positionOf(peer: PeerAddress): Promise<LeaderProgress | undefined> {
  const frame = await ask(
    peer,
    (socket) => send(socket, FrameKind.AskPosition, 0),
    ({ kind }) => kind === FrameKind.Position,
  );
  return frame && readPosition(frame);
}

/**
 * @throws PromotionRefused when this standby lacks something that was acknowledged, or when nobody can say that it does
 *   not
 */
export function checkPromotion(own: OwnPosition, peer: LeaderProgress | undefined, decision: PromotionDecision): void {
  if (peer) checkAgainstPeer(own, peer);
  else if (decision === "planned") checkAgainstEnd(own);
}

function checkAgainstPeer(own: OwnPosition, peer: LeaderProgress): void {
  if (peer.epoch < own.epoch) return;
  if (peer.role === "active") {
    // Nothing is acknowledged without this standby, so it has everything, also what comes before the fence.
    if (peer.attached) return;
    throw new PromotionRefused(
      `the active engine acknowledges orders without this standby (${lacks(own.durable, peer.acknowledged)}); ` +
        "wait until it reports the standby as attached, or stop it first",
    );
  }
  if (peer.acknowledged <= own.durable) return;
  throw new PromotionRefused(
    `the former active engine is ${peer.role} and has more (${lacks(own.durable, peer.acknowledged)}); ` +
      "start it as the active engine again, let this standby attach, and promote then",
  );
}

function checkAgainstEnd({ epoch, durable, leaderEnd }: OwnPosition): void {
  // The word of an earlier end says nothing of what the leader took since.
  if (!leaderEnd || leaderEnd.epoch !== epoch || leaderEnd.sequence < durable) {
    throw new PromotionRefused(
      "the former active engine cannot be asked and has not sent its last position, so it may have acknowledged more than this " +
        "standby has; bring it back, or decide that it is lost (peer-lost)",
    );
  }
  if (leaderEnd.sequence > durable) {
    throw new PromotionRefused(
      `the former active engine ended with more (${lacks(durable, leaderEnd.sequence)}); ` +
        "start it as the active engine again and let this standby attach",
    );
  }
}

function lacks(own: number, acknowledged: number): string {
  return acknowledged > own
    ? `${acknowledged - own} commands are missing here: ${own + 1} to ${acknowledged}`
    : `command ${own} is the newest on both sides`;
}
