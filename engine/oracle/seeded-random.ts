/** A small generator (xorshift32 over a mixed seed): the same seed gives the same numbers on every machine. */
export class SeededRandom {
  private state: number;

  constructor(seed: number) {
    let mixed = Math.imul(seed + 0x6d2b_79f5, 0x2c1b_3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x297a_2d39);
    this.state = (mixed ^ (mixed >>> 14)) | 1;
  }

  /** 32 random bits, unsigned. */
  bits(): number {
    let { state } = this;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return state >>> 0;
  }

  /** A whole number from 0 to below the bound. */
  below(bound: number): number {
    return Math.floor((this.bits() / 2 ** 32) * bound);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.bits() / 2 ** 32 < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}
