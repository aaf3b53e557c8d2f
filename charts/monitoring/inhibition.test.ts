import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, until } from "@hft/testing";
import { siteOf } from "../site";
import { environmentNamed } from "../testing/every-site";
import { RealAlertmanager } from "../testing/real-alertmanager";
import { EXPLANATIONS, inhibitRules } from "./inhibition";
import { renderGroup, ruleGroups } from "./rules";

type Labels = Readonly<Record<string, string>>;

const site = siteOf(environmentNamed("production"), "eu-west-1");
const standby = siteOf(environmentNamed("production"), "eu-central-1");
const rules = [site, standby].flatMap((each) => ruleGroups(each).flatMap((group) => renderGroup(each, group).rules));
const ours = (alertname: string, labels: Labels = {}): Labels => {
  const rule = rules.find((each) => "alert" in each && each.alert === alertname);
  if (!rule || !("labels" in rule)) throw new Error(`no alert ${alertname}`);
  return { alertname, ...rule.labels, ...labels };
};
/** Labels of alerts of kube-prometheus-stack 79.5.0 as its own rules make them, with what Prometheus adds to each. */
const chart = (alertname: string, severity: string, labels: Labels): Labels => ({
  alertname,
  severity,
  ...labels,
  environment: "production",
  region: "eu-west-1",
  prometheus: "monitoring/kube-prometheus-stack-prometheus",
});
/** Before Prometheus had external labels, and from another one. */
const bare = ({ environment: _, region: __, ...labels }: Labels): Labels => labels;

const API_DOWN = chart("KubeAPIDown", "critical", {});
const CLOCK_SKEW = chart("NodeClockSkewDetected", "warning", { namespace: "monitoring", instance: "10.0.0.5:9100" });
const CPU_OVERCOMMIT = chart("KubeCPUOvercommit", "warning", {});
const CHART_TARGET_DOWN = chart("TargetDown", "warning", { namespace: "monitoring", job: "node-exporter" });
const filling = (severity: string, claim: string) =>
  chart("KubePersistentVolumeFillingUp", severity, { namespace: "trading", persistentvolumeclaim: claim });

const HELD_BACK: readonly (readonly [what: string, cause: Labels, effect: Labels])[] = [
  ["falling behind, when the standby is behind", ours("StandbyBehind"), ours("StandbyFallingBehind")],
  [
    "a slow endpoint that is down",
    ours("PublicEndpointDown", { instance: "https://a/" }),
    ours("PublicEndpointSlow", { instance: "https://a/" }),
  ],
  [
    "a target of a node that is gone",
    ours("NodeNotReady", { node: "a" }),
    ours("TargetDown", { node: "a", job: "engine", namespace: "trading", instance: "1" }),
  ],
  ["a slow burn behind a fast one", ours("OrderSuccessBurnFast"), ours("OrderSuccessBurnSlow")],
  ["the chart's warning of a disk that is critical", filling("critical", "journal-0"), filling("warning", "journal-0")],
];

const TOLD: readonly (readonly [what: string, other: Labels, told: Labels])[] = [
  [
    "a late snapshot beside a limit that is near",
    ours("RiskLimitNear", { limit: "position" }),
    ours("SnapshotLate", { pod: "engine-0" }),
  ],
  [
    "a node's memory beside another node's disk",
    ours("NodeDiskLow", { instance: "a", mountpoint: "/" }),
    ours("NodeMemoryHigh", { instance: "b" }),
  ],
  [
    "a node's memory beside its own disk",
    ours("NodeDiskLow", { instance: "a", mountpoint: "/" }),
    ours("NodeMemoryHigh", { instance: "a" }),
  ],
  [
    "a target of another node",
    ours("NodeNotReady", { node: "a" }),
    ours("TargetDown", { node: "b", job: "engine", namespace: "trading" }),
  ],
  [
    "a job that has vanished",
    ours("NodeNotReady", { node: "a" }),
    ours("TargetDown", { job: "engine", namespace: "trading" }),
  ],
  ["what the chart calls TargetDown", ours("NodeNotReady", { node: "a" }), { ...CHART_TARGET_DOWN, node: "a" }],
  [
    "a deployment beside a node",
    ours("NodeNotReady", { node: "a" }),
    ours("DeploymentIncomplete", { deployment: "gateway", namespace: "front" }),
  ],
  ["another region's standby", ours("StandbyBehind"), { ...ours("StandbyFallingBehind"), region: "eu-central-1" }],
  ["the chart's warnings beside its critical alerts", API_DOWN, CLOCK_SKEW],
  ["the same without any label of ours", bare(API_DOWN), bare(CPU_OVERCOMMIT)],
  ["another disk's warning of the same name", filling("critical", "journal-0"), filling("warning", "journal-1")],
];

describe("what holds what back", () => {
  it("names alerts that exist", () => {
    const names = new Set(rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : [])));
    const named = EXPLANATIONS.flatMap(({ cause, explains }) => [cause, ...explains]);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it("demands of both sides every label by which alerts of ours are compared", () => {
    for (const { source_matchers, target_matchers, equal } of inhibitRules().slice(0, -1)) {
      for (const label of equal) {
        expect(source_matchers).toContain(`${label}=~".+"`);
        expect(target_matchers).toContain(`${label}=~".+"`);
      }
    }
  });
});

requires("prometheus-alertmanager")("a real Alertmanager", () => {
  let alertmanager: RealAlertmanager;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "inhibition-"));
    const configuration = { route: { receiver: "none" }, receivers: [{ name: "none" }], inhibit_rules: inhibitRules() };
    alertmanager = await RealAlertmanager.start(folder, configuration);
  });

  afterAll(async () => {
    await alertmanager.stop();
    rmSync(folder, { recursive: true });
  });

  let pair = 0;
  /**
   * Whether the second alert is held back while both fire; every pair has a label of its own, so that pairs do not
   * meet.
   */
  const isHeldBack = async (cause: Labels, effect: Labels): Promise<boolean> => {
    pair += 1;
    const cluster = `pair-${pair}`;
    const of = (labels: Labels, side: string) => ({ labels: { ...labels, cluster, side } });
    const post = await fetch(`${alertmanager.address}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([of(cause, "cause"), of(effect, "effect")]),
    });
    expect(post.ok).toBe(true);
    const filter = new URLSearchParams({ filter: `cluster="${cluster}"` });
    const { inhibitedBy } = await until(async () => {
      const alerts = (await (await fetch(`${alertmanager.address}/api/v2/alerts?${filter}`)).json()) as {
        labels: Record<string, string>;
        status: { state: string; inhibitedBy: string[] };
      }[];
      const told = alerts.find(({ labels }) => labels.side === "effect");
      return told?.status.state === "unprocessed" ? undefined : told?.status;
    }, "alerts that are processed");
    return inhibitedBy.length > 0;
  };

  it.each(HELD_BACK)("holds back %s", async (_, cause, effect) => {
    expect(await isHeldBack(cause, effect)).toBe(true);
  });

  it.each(TOLD)("tells of %s", async (_, other, told) => {
    expect(await isHeldBack(other, told)).toBe(false);
  });
});
