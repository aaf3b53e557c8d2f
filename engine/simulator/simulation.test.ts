import { Simulation } from "./simulation";

jest.setTimeout(120_000);

const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1);
const STEPS = 700;

describe("two simulated engines with crashes, full disks, flipped bits and failovers", () => {
  it.each(SEEDS)(`lose nothing that was acknowledged and replay to the same events, seed %i`, (seed) => {
    const report = new Simulation(seed).run(STEPS);
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report.commands).toBeGreaterThan(STEPS / 2);
  });

  it("do the same for the same seed", () => {
    expect(new Simulation(5).run(800)).toEqual(new Simulation(5).run(800));
  });
});
