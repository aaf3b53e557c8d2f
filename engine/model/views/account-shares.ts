/**
 * How many of something each account holds, and who holds most. Accounts with equal counts are a doubly linked list;
 * counts change by one, so the highest one is always next to where it was: every step takes the same short time.
 */
export class AccountShares {
  private readonly counts: Int32Array;
  /** First account of each count; 0 is none, for account 0 belongs to nobody. */
  private first: Int32Array = new Int32Array(1_024);
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private highest = 0;
  total = 0;

  constructor(accounts: number) {
    this.counts = new Int32Array(accounts + 1);
    this.next = new Int32Array(accounts + 1);
    this.previous = new Int32Array(accounts + 1);
  }

  /** An account that holds as many as anybody; 0 when nobody holds one. */
  get largest(): number {
    return this.highest === 0 ? 0 : (this.first[this.highest] as number);
  }

  of(account: number): number {
    return this.counts[account] as number;
  }

  add(account: number): void {
    this.move(account, 1);
  }

  remove(account: number): void {
    this.move(account, -1);
  }

  private move(account: number, by: 1 | -1): void {
    const { counts, next, previous } = this;
    const before = counts[account] as number;
    const after = before + by;
    if (after >= this.first.length) this.grow();
    const { first } = this;
    if (before > 0) {
      const behind = next[account] as number;
      const ahead = previous[account] as number;
      if (ahead === 0) first[before] = behind;
      else next[ahead] = behind;
      if (behind !== 0) previous[behind] = ahead;
    }
    counts[account] = after;
    this.total += by;
    if (after > 0) {
      const behind = first[after] as number;
      next[account] = behind;
      previous[account] = 0;
      if (behind !== 0) previous[behind] = account;
      first[after] = account;
    }
    if (after > this.highest) this.highest = after;
    else if (this.highest === before && first[before] === 0) this.highest = after;
  }

  private grow(): void {
    const larger = new Int32Array(this.first.length * 2);
    larger.set(this.first);
    this.first = larger;
  }
}
