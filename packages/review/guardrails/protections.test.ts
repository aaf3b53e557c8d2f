import { runsPerDay } from "./protections";

describe("how often a schedule fires in a day", () => {
  it.each([
    ["cron(0 * * * ? *)", 24],
    ["cron(0 1-23 * * ? *)", 23],
    ["cron(0 6,12,18 * * ? *)", 3],
    ["cron(0 0 * * ? *)", 1],
    ["cron(0 0/6 * * ? *)", 4],
    ["cron(0 0 ? * MON-FRI *)", 5 / 7],
    ["cron(0 0 ? * FRI-MON *)", 4 / 7],
    ["cron(0 9 ? * SAT *)", 1 / 7],
    ["cron(0/30 8-17 * * ? *)", 20],
    ["rate(1 hour)", 24],
    ["nonsense", 0],
  ])("%s", (schedule, times) => expect(runsPerDay(schedule)).toBeCloseTo(times));
});
