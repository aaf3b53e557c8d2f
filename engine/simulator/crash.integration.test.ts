import { killUnderLoad } from "./crash-test";
import { failOverUnderLoad } from "./failover-test";

jest.setTimeout(240_000);

const KILLS = 25;
const FAILOVERS = 5;

describe("an engine process", () => {
  it(`loses no durably acknowledged order and doubles none when it is killed ${KILLS} times under load`, async () => {
    const report = await killUnderLoad(KILLS, 1, () => {});
    expect(report.kills).toBe(KILLS);
    expect(report.durable).toBeGreaterThan(0);
  });

  it(`hands over to its standby ${FAILOVERS} times under load without losing or doubling one`, async () => {
    const report = await failOverUnderLoad(FAILOVERS, 1, () => {});
    expect(report.kills).toBe(FAILOVERS);
    expect(report.durable).toBeGreaterThan(0);
  });
});
