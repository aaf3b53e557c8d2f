import { AccountShares } from "./account-shares";
import { OrderDouble, type OrderRecords, RecordWord } from "./order-records";

/** How long an order that ended is shown, and its key known. */
export const REMEMBERED_HOURS = 24;
const LIFETIME_MICROSECONDS = REMEMBERED_HOURS * 3_600e6;
/** Accounts that are looked at for orders that are too old, with each order that ends. */
const LOOKS = 2;

/**
 * Orders that have ended and are still shown, oldest first for each account (`Older` and `Newer` of their records).
 * They go after their time. When there are more than `max` before that, the account that holds most gives up its oldest
 * one, so nobody's orders are forgotten because of what others do, as long as each keeps to its share.
 */
export class EndedOrders {
  /** Forgotten before their time. */
  early = 0;
  private readonly oldest: Int32Array;
  private readonly newest: Int32Array;
  private readonly shares: AccountShares;
  private looked = 0;

  constructor(
    private readonly records: OrderRecords,
    private readonly accounts: number,
    private readonly max: number,
    private readonly onForgotten: (slot: number) => void,
  ) {
    this.oldest = new Int32Array(accounts + 1);
    this.newest = new Int32Array(accounts + 1);
    this.shares = new AccountShares(accounts);
  }

  get count(): number {
    return this.shares.total;
  }

  /** Takes in an order that ended now. */
  remember(slot: number): void {
    const { records, newest, oldest } = this;
    const nowMicroseconds = records.double(slot, OrderDouble.ChangedAt);
    const account = records.word(slot, RecordWord.Account);
    this.forgetOld(account, nowMicroseconds);
    for (let look = 0; look < LOOKS; look++) {
      this.looked = (this.looked % this.accounts) + 1;
      this.forgetOld(this.looked, nowMicroseconds);
    }
    if (this.shares.total >= this.max) {
      this.early += 1;
      this.forgetOldestOf(this.shares.largest);
    }
    const older = newest[account] as number;
    records.setWord(slot, RecordWord.Older, older);
    records.setWord(slot, RecordWord.Newer, 0);
    if (older === 0) oldest[account] = slot;
    else records.setWord(older, RecordWord.Newer, slot);
    newest[account] = slot;
    this.shares.add(account);
  }

  /** Oldest first for each account. */
  *slots(): Iterable<number> {
    for (const first of this.oldest) {
      for (let slot = first; slot !== 0; slot = this.records.word(slot, RecordWord.Newer)) yield slot;
    }
  }

  private forgetOld(account: number, nowMicroseconds: number): void {
    for (;;) {
      const slot = this.oldest[account] as number;
      if (slot === 0) return;
      if (!(this.records.double(slot, OrderDouble.ChangedAt) < nowMicroseconds - LIFETIME_MICROSECONDS)) return;
      this.forgetOldestOf(account);
    }
  }

  private forgetOldestOf(account: number): void {
    const { records, oldest } = this;
    const slot = oldest[account] as number;
    const newer = records.word(slot, RecordWord.Newer);
    oldest[account] = newer;
    if (newer === 0) this.newest[account] = 0;
    else records.setWord(newer, RecordWord.Older, 0);
    this.shares.remove(account);
    this.onForgotten(slot);
  }
}
