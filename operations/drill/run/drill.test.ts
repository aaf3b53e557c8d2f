import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { environmentInputs, loadEnvironments } from "../../../environments";
import { findTampering } from "../evidence/verify";
import { aDrillTarget, aReconciliation, unchangedStack } from "../execution/a-drill-target";
import { SCENARIOS } from "../scenarios";
import { regionLoss } from "../scenarios/region-loss";
import { situationOf } from "../scenarios/scenario";
import { runDrill } from "./drill";
import type { Interference } from "./runner";
import type { RunnableStep } from "./step";

const [production] = loadEnvironments({ production: environmentInputs.production });
const situation = situationOf(production!);

function aDrill(target = aDrillTarget()) {
  const folder = join(mkdtempSync(join(tmpdir(), "drill-")), "20260101-000000-region-loss");
  const header = {
    id: "20260101-000000-region-loss",
    scenario: "region-loss",
    environment: "production",
    label: "simulated" as const,
    seed: 1,
    gitSha: "0123abc",
    approver: "a test",
  };
  return { folder, header, scenario: regionLoss, situation, target, retryPauseMs: 0 };
}

describe("a drill", () => {
  it.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))(
    "of %s runs to its end",
    async (_, scenario) => {
      const { report } = await runDrill({ ...aDrill(), scenario });
      expect(report).toMatchObject({ result: "passed", deviations: [] });
      expect(report.steps.every(({ outcome }) => outcome === "done")).toBe(true);
    },
  );

  it("deploys only the new region and the edge until it is verified", async () => {
    const target = aDrillTarget();
    await runDrill(aDrill(target));
    const recovery = target.calls.slice(0, target.calls.indexOf("trade"));
    expect(recovery.filter((call) => call.startsWith("deploy"))).toEqual([
      "deploy production-eu-central-1-data",
      "deploy production-eu-central-1-workloads",
      "deploy production-edge",
    ]);
  });

  it("fences before it promotes", async () => {
    const target = aDrillTarget();
    await runDrill(aDrill(target));
    expect(target.calls.indexOf("perform fence-writers")).toBeLessThan(
      target.calls.indexOf("deploy production-eu-central-1-data"),
    );
  });

  it("stops with an instruction when a step keeps failing, and begins nothing after it", async () => {
    const target = aDrillTarget({ deploy: () => Promise.reject(new Error("RDS is backing up")) });
    const { report } = await runDrill(aDrill(target));
    expect(report.result).toBe("stopped");
    expect(report.instruction).toContain("RDS refuses a promotion during a backup");
    expect(report.steps.at(-1)).toMatchObject({ id: "promote-data", attempts: 3, outcome: "stopped" });
    expect(target.calls).not.toContain("trade");
  });

  it("is resumed where it stopped, without repeating what was done", async () => {
    let sound = false;
    const target = aDrillTarget({
      deploy: async ({ stacks }) => {
        if (!sound) throw new Error("not yet");
        return stacks.map(unchangedStack);
      },
    });
    const drill = aDrill(target);
    await runDrill(drill);
    sound = true;
    const { report } = await runDrill(drill);
    expect(report.result).toBe("passed");
    expect(report.deviations).toContainEqual(expect.stringMatching(/^resumed by a test/));
    expect(target.calls.filter((call) => call.startsWith("inflict"))).toHaveLength(1);
  });

  it("ends recovered or stops with an instruction, whatever its steps do", async () => {
    const disturbances = fc.dictionary(
      fc.constantFrom(...regionLoss.recovery(situation).map(({ id }) => id)),
      fc.array(fc.constantFrom<Interference>("fails-before", "fails-after"), { minLength: 1, maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(disturbances, async (planned) => {
        const drill = aDrill();
        const interfere = (step: RunnableStep, attempt: number) => planned[step.id]?.[attempt - 1];
        const { report } = await runDrill({ ...drill, interfere });
        const hopeless = Object.entries(planned).some(
          ([id, failures]) =>
            failures.length > (regionLoss.recovery(situation).find((step) => step.id === id)!.retries ?? 2),
        );
        expect(report.result).toBe(hopeless ? "stopped" : "passed");
        if (hopeless) expect((await runDrill(drill)).report.result).toBe("passed");
        expect(findTampering(drill.folder)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it("ends an attempt that hangs, and says what it was waiting for", async () => {
    const target = aDrillTarget({ measure: async () => ({ holds: false, saw: "role standby" }) });
    const impatient = { ...regionLoss, preconditions: () => [], recovery: () => [detect], failback: () => [] };
    const { report } = await runDrill({ ...aDrill(target), scenario: impatient });
    expect(report.steps.at(-1)!.failures[0]).toBe(
      "no end after 0.05 s: timed out waiting until the public address does not answer users; last seen: role standby",
    );
  });

  it("ends an attempt at a series' own limit, where the step would allow more", async () => {
    const target = aDrillTarget({ measure: async () => ({ holds: false, saw: "role standby" }) });
    const patient = { ...regionLoss, preconditions: () => [], recovery: () => [{ ...detect, timeoutSeconds: 60 }] };
    const { report } = await runDrill({ ...aDrill(target), scenario: patient, limitSeconds: 0.05 });
    expect(report.steps.at(-1)!.failures[0]).toMatch(/^no end after 0.05 s: timed out waiting/);
  });

  it("fails when an acknowledged order is lost", async () => {
    const target = aDrillTarget({ reconcile: async () => ({ ...aReconciliation(), lost: ["7/1234"] }) });
    const { report } = await runDrill(aDrill(target));
    expect(report.result).toBe("stopped");
    expect(report.steps.at(-1)!.failures[0]).toContain("1 acknowledged orders are lost (7/1234)");
    // A series adds up what the evidence says: a drill that lost orders and says 0 would be worse than none.
    expect(report.reconciliations.map(({ lost }) => lost)).toEqual([["7/1234"]]);
    expect(report.checks).toContainEqual(expect.objectContaining({ passed: false, saw: "1 of 90 lost" }));
  });

  it("stops when a deploy replaced a database", async () => {
    const target = aDrillTarget({
      deploy: async ({ stacks }) =>
        stacks.map((stack) => ({ ...unchangedStack(stack), replace: 1, severe: ["aws_db_instance.database_orders"] })),
    });
    const { report } = await runDrill(aDrill(target));
    expect(report.steps.at(-1)!.failures[0]).toContain("stateful resources were replaced or destroyed");
  });
});

const detect = { ...regionLoss.recovery(situation)[0]!, timeoutSeconds: 0.05, retries: 0 };

describe("an evidence bundle", () => {
  async function aBundle(): Promise<string> {
    const drill = aDrill();
    await runDrill(drill);
    return drill.folder;
  }

  it("verifies", async () => expect(findTampering(await aBundle())).toEqual([]));

  it("shows a changed byte in any of its files", async () => {
    for (const file of ["evidence.json", "evidence.html", "journal.jsonl", "description.json"]) {
      const bundle = await aBundle();
      const content = readFileSync(join(bundle, file));
      content[Math.floor(content.length / 2)]! ^= 1;
      writeFileSync(join(bundle, file), content);
      expect(findTampering(bundle).join("\n")).toContain(`${file}: SHA-256 is`);
    }
  });

  it("shows a report that does not follow from the journal, even with the right hash", async () => {
    const bundle = await aBundle();
    const report = readFileSync(join(bundle, "evidence.json"), "utf8").replace('"passed"', '"failed"');
    writeFileSync(join(bundle, "evidence.json"), report);
    expect(findTampering(bundle)).toContain("evidence.json: does not follow from journal.jsonl");
  });

  it("shows a file that was added", async () => {
    const bundle = await aBundle();
    appendFileSync(join(bundle, "note.txt"), "all was well");
    expect(findTampering(bundle)).toEqual(["note.txt: is not in the manifest"]);
  });

  it("names a folder that is no bundle", () => {
    expect(findTampering("/nowhere")[0]).toContain("give the folder of a finished drill");
  });
});
