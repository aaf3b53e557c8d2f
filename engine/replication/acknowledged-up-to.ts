import { Counter, type SharedControl } from "../shared-memory/shared-control";

/**
 * Newest command that this engine may have acknowledged as durable, in this life or an earlier one. Rather said too
 * high than too low: a promotion elsewhere compares with it.
 */
export class AcknowledgedUpTo {
  private newest = 0;

  constructor(private readonly control: SharedControl) {}

  /** An engine that begins to lead: nobody knows what its earlier lives have acknowledged of what is on its disk. */
  begin(): void {
    this.noteLocal();
  }

  /** Everything on this disk may have been acknowledged without a standby until now. */
  noteLocal(): void {
    this.newest = Math.max(this.newest, this.control.localDurable);
  }

  /** Follows what gateways acknowledge. */
  note(): void {
    this.newest = Math.max(this.newest, this.control.acknowledgeable);
  }

  /** While nobody leads here, all of the own disk counts: an earlier life may have acknowledged it. */
  get value(): number {
    const { control } = this;
    const local = control.localDurable;
    if (this.newest === 0 || control.load(Counter.PeerRequired) === 0) return Math.max(this.newest, local);
    this.note();
    return Math.min(this.newest, local);
  }
}
