import { KeptOutcomes } from "../journal/kept-outcomes";
import { RecoveryError } from "../journal/recovery-error";
import { firstKept } from "../journal/set-aside";
import { CancelReason, EventType, type RejectReason } from "../protocol/event";
import type { EventView } from "../protocol/event-view";
import { type PastEventsSource, readPastEvents } from "./past-events";

/** Ends that a client has asked for: its cancel is a command too, and says by itself what was wanted. */
const ASKED_FOR: ReadonlySet<number> = new Set([CancelReason.Requested, CancelReason.MassCancel]);

/**
 * What had become of the commands after a sequence, derived from a snapshot and this journal as it was derived when
 * they came. It takes the time that a start takes which recovers them, the memory of one core and a byte a command.
 * Where no snapshot is as old as that sequence, the first commands stay unknown; undefined when nothing can be derived
 * at all.
 */
export async function pastOutcomes(
  source: PastEventsSource,
  after: number,
  last: number,
  onNotice: (notice: string) => void,
): Promise<KeptOutcomes | undefined> {
  const first = firstKept(source.journal, after);
  const fromEvent = first === undefined ? undefined : eventBefore(source, first);
  if (first === undefined || fromEvent === undefined || last < first) return undefined;
  const outcomes = KeptOutcomes.unknown(first, last);
  try {
    await readPastEvents(source, fromEvent, last, (batch) => {
      for (let index = 0; index < batch.length; index += 1) note(outcomes, batch.at(index));
    });
    return outcomes;
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    onNotice(`replication: which of commands ${first} to ${last} were refused cannot be derived: ${error.message}`);
    return undefined;
  }
}

/** The first event after the newest state from which all of the commands can be derived, or else most of them. */
function eventBefore({ snapshots, journal }: PastEventsSource, first: number): number | undefined {
  const all = snapshots.list();
  const base = all.filter(({ sequence }) => sequence < first).at(-1);
  if (base) return base.eventSequence + 1;
  if (firstKept(journal, 0) === 1) return 1;
  return all[0] && all[0].eventSequence + 1;
}

function note(outcomes: KeptOutcomes, event: EventView): void {
  const { type, commandSequence, orderId, remaining } = event;
  if (type === EventType.Rejected) {
    outcomes.refused(commandSequence, event.reason as RejectReason);
    return;
  }
  outcomes.worked(commandSequence);
  if (type === EventType.Executed) {
    outcomes.traded(orderId);
    outcomes.traded(event.makerOrderId);
  } else if (type === EventType.Decremented) {
    if (remaining === 0) outcomes.ended(orderId, 0);
    if (event.makerRemaining === 0) outcomes.ended(event.makerOrderId, 0);
  } else if (type === EventType.Cancelled && !ASKED_FOR.has(event.reason)) {
    outcomes.ended(orderId, event.reason as CancelReason);
  }
}
