import { Problem } from "../problems/problem";
import { Access } from "./access";
import { ClientRate } from "./client-rate";
import type { Identity } from "./identity";
import type { TokenVerifier } from "./tokens";

const ANN = { subject: "ann" } as Identity;
const LIMIT = 5;

/** Knows one good token; counts the signatures that it was asked to check. */
function desk() {
  const clock = { nowMs: 0 };
  const checks: string[] = [];
  const verifier = {
    recall: () => undefined,
    verify: async (token: string) => {
      checks.push(token);
      if (token === "good") return ANN;
      throw new Problem(token === "early" ? "STORE_UNAVAILABLE" : "UNAUTHORIZED");
    },
  } as unknown as TokenVerifier;
  const rate = new ClientRate(LIMIT, () => clock.nowMs);
  const access = new Access(verifier, rate, () => clock.nowMs);
  const outcome = (token: string, address = "192.0.2.1") =>
    access.identify(token, address).then(
      ({ subject }) => subject,
      ({ code }: Problem) => code,
    );
  return { access, rate, clock, checks, outcome };
}

describe("access", () => {
  it("counts no valid token by its address", async () => {
    const { outcome } = desk();
    for (let index = 0; index < 3 * LIMIT; index++) expect(await outcome("good")).toBe("ann");
  });

  it("lets a valid token in behind an address whose strangers have used up their requests", async () => {
    const { rate, outcome } = desk();
    for (let index = 0; index < 2 * LIMIT; index++) rate.take("ip:192.0.2.1");
    expect(await outcome("good")).toBe("ann");
  });

  it("lets a valid token in behind an address that has sent too many bad ones", async () => {
    const { outcome } = desk();
    for (let index = 0; index < 10 * LIMIT; index++) expect(await outcome("bad")).toBe("UNAUTHORIZED");
    expect(await outcome("good")).toBe("ann");
  });

  it("bounds what bad tokens cost: few checks a second for all suspect addresses together", async () => {
    const { checks, clock, outcome } = desk();
    const flood = async () => {
      const answers = [];
      for (let index = 0; index < 1_000; index++) answers.push(await outcome("bad", `192.0.2.${index % 4}`));
      return answers;
    };
    expect((await flood()).at(-1)).toBe("RATE_LIMITED");
    expect(checks.length).toBe(4 * LIMIT + 200);
    clock.nowMs = 1_000;
    await flood();
    expect(checks.length).toBe(4 * LIMIT + 400);
    expect(await outcome("bad", "198.51.100.1")).toBe("UNAUTHORIZED");
  });

  it("does not blame an address for a provider that is away", async () => {
    const { access, outcome } = desk();
    for (let index = 0; index < 3 * LIMIT; index++) expect(await outcome("early")).toBe("STORE_UNAVAILABLE");
    const left: number[] = [];
    await access.identify("good", "192.0.2.1", ({ remaining }) => left.push(remaining));
    expect(left).toEqual([LIMIT - 1]);
  });
});
