import { Problem } from "../problems/problem";
import type { ClientRate, RateVerdict } from "./client-rate";
import type { Identity } from "./identity";
import type { TokenVerifier } from "./tokens";

/** Signatures checked in a second for all addresses together that have sent too many bad tokens: some 2 % of a CPU. */
const SUSPECT_CHECKS_PER_SECOND = 200;

/**
 * Who is asking, and how often. Clients with a valid token are counted by its subject, wherever they come from. Bad
 * tokens are counted by address, and requests without one by address in a count of their own, so that strangers do
 * not use up what a valid token behind the same address needs. An address with too many bad tokens is not shut out
 * either, because a valid one may stand behind it: it shares a small number of checks with all others like it.
 */
export class Access {
  private second = 0;
  private suspectChecks = 0;

  constructor(
    readonly verifier: TokenVerifier,
    readonly rate: ClientRate,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** The identity of a token that was checked a moment ago. */
  recall(token: string, connection?: object): Identity | undefined {
    return this.verifier.recall(token, connection);
  }

  /** Checks a token. `told` hears what is left of the address's count, before the answer is known. */
  async identify(token: string, address: string, told: (verdict: RateVerdict) => void = () => {}): Promise<Identity> {
    const suspect = `token:${address}`;
    const verdict = this.rate.take(suspect);
    told(verdict);
    if (!verdict.allowed && !this.takeSuspectCheck()) {
      told({ allowed: false, remaining: 0, resetSeconds: 1 });
      throw new Problem("RATE_LIMITED", "too many invalid tokens come from this address; try again in 1 s");
    }
    try {
      const identity = await this.verifier.verify(token);
      if (verdict.allowed) this.rate.giveBack(suspect);
      return identity;
    } catch (error) {
      const blameless = !(error instanceof Problem) || error.code !== "UNAUTHORIZED";
      if (blameless && verdict.allowed) this.rate.giveBack(suspect);
      throw error;
    }
  }

  private takeSuspectCheck(): boolean {
    const second = Math.floor(this.nowMs() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.suspectChecks = 0;
    }
    this.suspectChecks += 1;
    return this.suspectChecks <= SUSPECT_CHECKS_PER_SECOND;
  }
}
