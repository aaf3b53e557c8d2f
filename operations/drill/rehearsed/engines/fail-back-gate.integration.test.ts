import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironments } from "../../../../environments";
import { anEnvironment } from "../../../../environments/testing";
import type { DrillReport } from "../../evidence/report";
import type { Measurement } from "../../execution/drill-target";
import { runDrill } from "../../run/drill";
import type { Condition, Imperative } from "../../scenarios/action";
import { regionLoss } from "../../scenarios/region-loss";
import { FOLLOW_AGAIN } from "../../scenarios/return";
import { type Scenario, situationOf, standbyOf } from "../../scenarios/scenario";
import type { LeftAlone } from "../strain";
import { EnginesStage } from "./engines-stage";
import { EnginesTarget } from "./engines-target";

jest.setTimeout(240_000);

const [environment] = loadEnvironments({ production: anEnvironment("production") });
const situation = situationOf(environment!);
const LIMIT_SECONDS = 60;
/** There and back, and only what may lose orders. */
const scenario: Scenario = { ...regionLoss, plannedBefore: false, failback: (each) => regionLoss.shortReturn!(each) };

/**
 * The gate of before: a lag that is small enough, which is none while nobody follows, and a promotion that compares
 * nothing.
 */
class LagAloneWorld extends EnginesTarget {
  constructor(private readonly stageOfLag: EnginesStage) {
    super(stageOfLag);
  }

  override async measure(condition: Condition): Promise<Measurement> {
    if (condition.name !== "journal-follows") return super.measure(condition);
    const { fleet } = this.stageOfLag;
    const [from, to] = await Promise.all([fleet.facts(condition.from), fleet.facts(condition.to)]);
    const lagSeconds = from.standby === "attached" ? (from.lagSeconds ?? 0) : 0;
    const small = lagSeconds <= environment!.recovery.rpoSeconds;
    const sameEpoch = from.role === "silent" || from.epoch === to.epoch;
    return { holds: small && sameEpoch && to.role === "standby", saw: `lag ${lagSeconds} s` };
  }

  override perform(order: Imperative): Promise<Readonly<Record<string, unknown>>> {
    return super.perform(order.name === "promote-engine" ? { ...order, decision: "peer-lost" } : order);
  }
}

/**
 * A drill of the engines: a region is lost and comes back, the survivor trades alone under load meanwhile, and the line
 * is slow when the way back is asked for. A drill whose gate does not matter could not fail, and would show nothing.
 */
describe("the way back of a drill, while the standby lacks what was acknowledged alone", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "fail-back-gate-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const drill = async (
    worldOf: (stage: EnginesStage) => EnginesTarget,
    slowness: Pick<LeftAlone, "slowForMs"> = {},
  ): Promise<DrillReport> => {
    const stage = await EnginesStage.open({ directory: join(directory, "work"), environment: environment!, seed: 1 });
    const region = standbyOf(situation);
    const strain = { kind: "left-alone", region, bytesPerSecond: 10_000, forMs: 2_000, ...slowness } as const;
    try {
      await stage.raise();
      const { report } = await runDrill({
        folder: join(directory, "bundle"),
        header: {
          id: "fail-back-gate",
          scenario: scenario.id,
          environment: environment!.name,
          label: "simulated",
          seed: 1,
          gitSha: "0123abc",
          approver: "a test",
        },
        scenario,
        situation,
        target: worldOf(stage),
        retryPauseMs: 0,
        limitSeconds: LIMIT_SECONDS,
        interfere: ({ id }, attempt) => {
          if (id === FOLLOW_AGAIN && attempt === 1) stage.strains.begin(strain);
          return undefined;
        },
      });
      return report;
    } finally {
      await stage.close();
    }
  };

  it("waits, and loses nothing", async () => {
    const report = await drill((stage) => new EnginesTarget(stage));
    expect(report).toMatchObject({ result: "passed", instruction: undefined });
    expect(report.reconciliations.map(({ lost }) => lost)).toEqual([[], []]);
  });

  it("loses it where the gate looks at the lag alone, and the drill names what is lost", async () => {
    // Slow to the end: on a busy machine the standby must not come near between the gate and the promotion.
    const report = await drill((stage) => new LagAloneWorld(stage), { slowForMs: LIMIT_SECONDS * 1_000 });
    expect(report.result).toBe("stopped");
    expect(report.steps.at(-1)).toMatchObject({ id: "return-reconcile", outcome: "stopped" });
    expect(report.steps.at(-1)!.failures[0]).toMatch(/^\d+ acknowledged orders are lost/);
    expect(report.reconciliations.at(-1)!.lost.length).toBeGreaterThan(100);
  });
});
