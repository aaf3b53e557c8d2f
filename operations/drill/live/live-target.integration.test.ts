import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs, loadEnvironments } from "../../../environments";
import { runLive, type Terminal } from "../commands/live";
import { SCENARIOS } from "../scenarios";
import { situationOf } from "../scenarios/scenario";
import type { Command } from "./command";
import { shellLine } from "./command";
import { synthesizedResourceNames } from "./synthesized-resource-names";

const [production] = loadEnvironments({ production: environmentInputs.production });
const situation = situationOf(production!);
const resourceNames = synthesizedResourceNames("production");
const scenario = (id: string) => SCENARIOS.find((each) => each.id === id)!;
const EMPTY_PLAN = JSON.stringify({ resource_changes: [] });

/** A terminal at which everybody says the same, and a shell that answers as the platform of a story would. */
function aTerminal(story: (line: string) => { exitCode: number; stdout?: string } | undefined, yes = true) {
  const printed: string[] = [];
  const run: Command[] = [];
  const asked: string[] = [];
  const terminal: Terminal = {
    print: (line) => void printed.push(line),
    ask: async (question) => {
      asked.push(question);
      return yes;
    },
    shell: async (command) => {
      run.push(command);
      const { exitCode, stdout = "" } = story(shellLine(command)) ?? { exitCode: 0, stdout: "" };
      return { exitCode, stdout, stderr: exitCode === 0 ? "" : "it failed" };
    },
  };
  return { terminal, printed, run, asked };
}

/** Production after eu-west-1 was lost: nothing of it answers, everything of eu-central-1 does. */
function regionIsLost() {
  let promoted = false;
  let edgeMoved = false;
  return (line: string) => {
    if (line.includes("show -json")) return { exitCode: 0, stdout: EMPTY_PLAN };
    if (line.includes("eu-central-1-data apply")) promoted = true;
    if (line.includes("production-edge apply")) edgeMoved = true;
    if (line.includes("/api/orders")) return { exitCode: edgeMoved ? 0 : 22 };
    if (line.includes("metrics")) {
      if (line.includes("eu-west-1")) return { exitCode: 1 };
      return { exitCode: 0, stdout: `hft_role{role="active"} ${promoted ? 1 : 0}\nhft_replication_lag_seconds 0.2\n` };
    }
    if (line.includes("describe-db-instances")) {
      return {
        exitCode: 0,
        stdout: JSON.stringify({ status: "available", source: promoted ? null : "arn", restorable: null }),
      };
    }
    return { exitCode: /eu-west-1/.test(line) && !line.startsWith("terraform") ? 255 : 0 };
  };
}

/** Words of curl, fetch, kubectl and the AWS CLI that change something. */
const SENDS =
  /--request[ =](?!GET)|(^| )-X|--data|--json|method:\s*"(?!GET)|^kubectl .*\b(delete|apply|patch|scale|annotate|drain|cordon|restart)\b|^aws \S+ (?!describe-|list-|get-|head-)/;

/** The probe of trading: an order that is gone at once, and too cheap for anybody to sell to. */
const HARMLESS =
  /--json '\\''\{"symbol":"\w+","side":"buy","timeInForce":"ioc","price":"0\.0*1","quantity":"[\d.]+"\}'\\''/;

function aLiveDrill(id: string) {
  const folder = join(mkdtempSync(join(tmpdir(), "live-")), "20260101-000000");
  const header = {
    id: "20260101-000000",
    scenario: id,
    environment: "production",
    label: "live",
    seed: 0,
    gitSha: "0",
    approver: "ann",
  } as const;
  const { failback: _, ...recovery } = scenario(id);
  return { scenario: { ...recovery, failback: () => [] }, situation, resourceNames, header, folder };
}

describe("a live drill", () => {
  it("changes nothing before somebody has read the commands and said yes", async () => {
    const { terminal, run, printed } = aTerminal(() => undefined, false);
    expect(await runLive(aLiveDrill("region-loss"), terminal)).toBeUndefined();
    expect(run.length).toBeGreaterThan(0);
    expect(run.filter(({ changes }) => changes)).toEqual([]);
    expect(printed.join("\n")).toContain("terraform -chdir=cdktf.out/stacks/production-eu-central-1-data apply");
  });

  it("recovers from the loss of a region with the commands that it showed", async () => {
    const { terminal, run, printed } = aTerminal(regionIsLost());
    const end = await runLive(aLiveDrill("region-loss"), terminal);
    expect(end!.report).toMatchObject({ result: "passed", drill: { label: "live" } });
    const shown = printed.join("\n");
    for (const command of run.filter(({ changes }) => changes)) expect(shown).toContain(shellLine(command));
    const order = [
      "scale statefulset/engine --replicas 0",
      "eu-central-1-data apply",
      "eu-central-1-workloads apply",
      "production-edge apply",
    ];
    const positions = order.map((part) => run.findIndex((command) => shellLine(command).includes(part)));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });

  it("says in its evidence what a person vouched for", async () => {
    const { terminal } = aTerminal(regionIsLost());
    const end = await runLive(aLiveDrill("region-loss"), terminal);
    expect(end!.report.attestations.map(({ attestedBy }) => attestedBy)).toEqual(["ann", "ann"]);
  });

  it("stops where a command fails, and says what to do", async () => {
    const lost = regionIsLost();
    const { terminal } = aTerminal((line) => (line.includes("eu-central-1-data plan") ? { exitCode: 1 } : lost(line)));
    const drill = aLiveDrill("region-loss");
    const impatient = {
      ...drill.scenario,
      recovery: (at: typeof situation) => drill.scenario.recovery(at).map((step) => ({ ...step, retries: 0 })),
    };
    const end = await runLive({ ...drill, scenario: impatient }, terminal);
    expect(end!.report).toMatchObject({ result: "stopped" });
    expect(end!.report.steps.at(-1)).toMatchObject({
      id: "promote-data",
      failures: [expect.stringContaining("it failed")],
    });
  });

  it.each(SCENARIOS.map(({ id }) => id))("looks at %s with commands that read only", async (id) => {
    const { terminal, run } = aTerminal(() => undefined, false);
    await runLive(aLiveDrill(id), terminal);
    expect(run.filter(({ changes }) => changes)).toEqual([]);
    // By the commands' own words too: what calls itself a look may still send something.
    expect(run.map(shellLine).filter((line) => SENDS.test(line.replace(HARMLESS, "")))).toEqual([]);
  });

  it.each([
    "curl --silent https://trade.example.com/api/orders --request DELETE",
    `kubectl exec engine-0 -- node -e 'fetch("http://127.0.0.1:8080/api/orders",{method:"POST"})'`,
    "kubectl --context a scale statefulset/engine --replicas 0",
    "aws rds promote-read-replica --db-instance-identifier a",
  ])("would see that %s is no look", (line) => expect(line).toMatch(SENDS));
});
