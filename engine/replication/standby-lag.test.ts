import fc from "fast-check";
import { StandbyLag } from "./standby-lag";

describe("the lag of a standby", () => {
  const look = (ownDurable: number, peerDurable: number, oldestShippedMs?: number) => ({
    ownDurable,
    peerDurable,
    oldestShippedMs,
  });

  it("is nothing while the standby has everything", () => {
    expect(new StandbyLag(0).look(look(10, 10), 5_000)).toBe(0);
  });

  it("is the age of the oldest command under way", () => {
    expect(new StandbyLag(0).look(look(20, 10, 4_200), 5_000)).toBe(800);
  });

  it("goes on when the standby is gone, from the age that it had", () => {
    const lag = new StandbyLag(0);
    lag.look(look(20, 10, 4_200), 5_000);
    expect(lag.look(look(20, 10), 9_200)).toBe(5_000);
    expect(lag.look(look(90, 10), 9_300)).toBe(5_100);
  });

  it("counts from the last moment at which the standby had everything when nothing was shipped", () => {
    const lag = new StandbyLag(0);
    lag.look(look(10, 10), 1_000);
    expect(lag.look(look(11, 10), 1_250)).toBe(250);
    expect(lag.look(look(12, 10), 61_000)).toBe(60_000);
  });

  it("is never younger than the oldest command that the standby lacks", () => {
    const step = fc.record({
      commands: fc.nat(3),
      acknowledged: fc.nat(3),
      elapsedMs: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const lag = new StandbyLag(0);
        const durableAtMs: number[] = [];
        let peer = 0;
        let nowMs = 0;
        for (const { commands, acknowledged, elapsedMs } of steps) {
          // Between two looks: commands become durable right after the earlier one, at the worst.
          for (let count = 0; count < commands; count += 1) durableAtMs.push(nowMs);
          nowMs += elapsedMs;
          peer = Math.min(durableAtMs.length, peer + acknowledged);
          const age = lag.look(look(durableAtMs.length, peer), nowMs);
          const oldest = durableAtMs[peer];
          if (oldest === undefined) expect(age).toBe(0);
          else expect(age).toBeGreaterThanOrEqual(nowMs - oldest);
          expect(age === 0).toBe(peer === durableAtMs.length);
        }
      }),
    );
  });
});
