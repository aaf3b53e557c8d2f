import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, runTool } from "@hft/testing";
import { siteOf } from "../site";
import { EVERY_SITE, environmentNamed } from "../testing/every-site";
import { ALERT_CASES, type AlertCase, type Series } from "./alert-cases";
import { type RuleGroup, renderGroup, ruleGroups } from "./rules";

const production = siteOf(environmentNamed("production"), "eu-west-1");
const standby = ruleGroups(siteOf(environmentNamed("production"), "eu-central-1"));
/** Of the active region, with what is watched in the standby region only. */
const groups = ruleGroups(production).map((group) => {
  const known = new Set(group.alerts.map(({ name }) => name));
  const others = standby.find(({ name }) => name === group.name)!.alerts.filter(({ name }) => !known.has(name));
  return { ...group, alerts: [...group.alerts, ...others] };
});
const alerts = groups.flatMap((group) => group.alerts);

describe("alerts", () => {
  it("have names of their own, and a case each", () => {
    const names = alerts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(ALERT_CASES).sort()).toEqual([...names].sort());
  });

  it("say what they mean and where the runbook is", () => {
    const rules = groups.flatMap((group) => renderGroup(production, group).rules);
    for (const rule of rules.filter((each) => "alert" in each)) {
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(critical|warning)$/), region: "eu-west-1" },
        annotations: {
          summary: expect.stringMatching(/.{15}/),
          description: expect.stringMatching(/.{30}/),
          runbook_url: expect.stringContaining("/docs/runbooks/"),
        },
      });
    }
  });

  it("are fewer in a region that stands by: there nobody has to be active", () => {
    const names = (region: string) =>
      ruleGroups(siteOf(environmentNamed("production"), region)).flatMap((group) =>
        group.alerts.map(({ name }) => name),
      );
    expect(names("eu-west-1")).toContain("NoActiveEngine");
    expect(names("eu-central-1")).not.toContain("NoActiveEngine");
    // The active region's engine has its standby over there.
    expect(names("eu-west-1")).not.toContain("StandbyMissing");
    expect(names("eu-central-1")).toContain("StandbyMissing");
  });
});

requires("promtool")("promtool", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rules-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: object) => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it.each(EVERY_SITE)("accepts all rules of %s", (_, environment, region) => {
    const site = siteOf(environment, region);
    const rendered = ruleGroups(site).map((group) => renderGroup(site, group));
    const { status, output } = runTool("promtool", ["check", "rules", write("rules.json", { groups: rendered })]);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
  });

  /** A file for every alert with nothing but the rules that it needs. */
  const unitTests = (group: RuleGroup) =>
    group.alerts.map((alert) => {
      const records = group.records.filter(({ record }) => alert.expr.includes(record));
      const rules = write(`${alert.name}.json`, {
        groups: [renderGroup(production, { ...group, records, alerts: [alert] })],
      });
      return write(`${alert.name}-test.json`, {
        rule_files: [rules],
        evaluation_interval: "1m",
        tests: testsOf(alert.name, ALERT_CASES[alert.name]!),
      });
    });

  it.each(groups.map((group) => [group.name, group] as const))(
    "sees every alert of %s fire, and stay quiet",
    (_, group) => {
      expect(runTool("promtool", ["test", "rules", ...unitTests(group)])).toMatchObject({
        status: 0,
        output: expect.not.stringContaining("FAILED"),
      });
    },
  );

  it("would notice an alert that does not fire", () => {
    const group: RuleGroup = groups[0]!;
    const alerts = group.alerts.slice(0, 1).map((alert) => ({ ...alert, expr: `${alert.expr} * 1e9` }));
    expect(runTool("promtool", ["test", "rules", ...unitTests({ ...group, alerts })]).status).toBe(1);
  });
});

/** Both halves of a case, as promtool reads them: how many alerts of the name fire. */
function testsOf(alert: string, { fires, firesToo = [], quiet, afterMinutes = 20 }: AlertCase) {
  const test = (name: string, series: Series, firing: boolean) => ({
    name: `${alert} ${name}`,
    interval: "1m",
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) > bool 0`,
        eval_time: `${afterMinutes}m`,
        exp_samples: firing ? [{ labels: "{}", value: 1 }] : [],
      },
    ],
  });
  return [
    test("fires", fires, true),
    ...firesToo.map((series, index) => test(`fires too (${index})`, series, true)),
    test("stays quiet", quiet, false),
  ];
}
