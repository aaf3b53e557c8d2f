import { type EndedRow, seriesPage, seriesReport } from "./series-report";

const ended = (changes: Partial<EndedRow> = {}): EndedRow => ({
  seed: 1,
  result: "passed",
  failedChecks: [],
  faultAfterMs: 10,
  disturbed: [],
  stops: [],
  attemptsCutOff: 0,
  rtoMs: 20_000,
  rpoMs: 0,
  ordersDurable: 100,
  ordersLost: 0,
  ordersDoubled: 0,
  splitBrainAttempted: 200,
  splitBrainAcknowledged: 0,
  durationMs: 30_000,
  manifestSha256: "ab",
  ...changes,
});
const report = (...rows: Parameters<typeof seriesReport>[0]["rows"]) =>
  seriesReport({
    scenario: "region-loss",
    environment: "production",
    gitSha: "0123456789abcdef",
    firstSeed: 1,
    enginesOnly: false,
    planned: 50,
    rows,
  });

describe("the report of a series", () => {
  it("counts what stopped and was resumed apart from what recovered by itself", () => {
    const stop = { step: "decide", instruction: "Resume.", resumed: "in a new process" } as const;
    expect(report(ended(), ended({ stops: [stop, { ...stop, resumed: "in place" }] }))).toMatchObject({
      recovered: 2,
      recoveredWithoutStop: 1,
      stoppedAndResumed: 1,
      resumedInNewProcess: 1,
    });
  });

  it("does not count a drill that did not recover or broke the program", () => {
    const rows = [ended({ result: "failed", ordersLost: 3 }), { seed: 2, result: "broken", problem: "no" } as const];
    expect(report(...rows)).toMatchObject({ recovered: 0, ordersLost: 3 });
  });

  it("has one line a drill, with what disturbed it", () => {
    const page = seriesPage(report(ended({ seed: 7, disturbed: ["decide: hangs", "a | b"] })));
    expect(page).toContain(
      "| 7 | recovered | 20.0 s | 0.0 s | 100 | 0 | 0 |  | fault after 10 ms; decide: hangs; a \\| b |",
    );
  });

  it("says how far a series came that was cut short", () => {
    expect(seriesPage(report(ended()))).toContain("| Drills | 1 of 50 |");
  });
});
