import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINE_METRICS } from "@hft/engine/configuration";
import { findTool, requires, until } from "@hft/testing";
import { siteOf } from "../site";
import { EVERY_SITE } from "../testing/every-site";
import { selectionsOf } from "../testing/promql";
import { freePorts, RealNginx } from "../testing/real-nginx";
import { blackboxConfiguration } from "./blackbox-exporter";
import { DASHBOARDS } from "./dashboards";
import { EXPORTERS, GATEWAY, PROBE } from "./metrics";
import { ruleGroups } from "./rules";

const rules = EVERY_SITE.flatMap(([, environment, region]) => ruleGroups(siteOf(environment, region)));
const records = new Set(rules.flatMap((group) => group.records.map(({ record }) => record)));
const expressions = [
  ...rules.flatMap((group) => [...group.records, ...group.alerts].map(({ expr }) => expr)),
  ...DASHBOARDS.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
];
const exported = new Set<string>(Object.values(EXPORTERS).flatMap((metrics) => Object.values(metrics)));
/** A histogram is exported as three series. */
const withoutSuffix = (metric: string) => metric.replace(/_(bucket|count|sum)$/, "");
const engineMetrics = new Map<string, readonly string[]>(
  Object.values(ENGINE_METRICS).map(({ name, labels }) => [name, labels]),
);
/** Labels that Prometheus adds to what a target says. */
const TARGET_LABELS = ["pod", "namespace", "instance", "job", "node", "le"];

describe("metrics in rules and dashboards", () => {
  const selections = expressions.flatMap(selectionsOf);

  it("are all exported by the engine, the gateway or a named exporter", () => {
    const unknown = selections
      .map(({ metric }) => metric)
      .filter((metric) => !records.has(metric) && !exported.has(metric) && !exported.has(withoutSuffix(metric)));
    expect([...new Set(unknown)]).toEqual([]);
    expect(selections.length).toBeGreaterThan(100);
  });

  it("are selected by labels that the engine gives them", () => {
    const wrong = selections.flatMap(({ metric, labels }) => {
      const known = engineMetrics.get(metric) ?? engineMetrics.get(withoutSuffix(metric));
      return known
        ? labels.filter((label) => ![...known, ...TARGET_LABELS].includes(label)).map((label) => `${metric}{${label}}`)
        : [];
    });
    expect(wrong).toEqual([]);
  });

  it("are all used: a metric that nobody looks at is not in the list", () => {
    const used = new Set(selections.flatMap(({ metric }) => [metric, withoutSuffix(metric)]));
    const { engine: _, ...others } = EXPORTERS;
    const unused = Object.values(others).flatMap((metrics) =>
      Object.values(metrics).filter((metric) => !used.has(metric)),
    );
    expect(unused).toEqual([]);
  });

  it("would be missed", () => {
    expect(selectionsOf('rate(hft_orders{status="filled"}[5m]) > 1')).toEqual([
      { metric: "hft_orders", labels: ["status"] },
    ]);
    expect(exported.has("hft_orders")).toBe(false);
  });
});

requires(
  "nginx",
  "prometheus-nginx-exporter",
  "prometheus-blackbox-exporter",
)("real exporters beside a real nginx", () => {
  let nginx: RealNginx;
  const exporters: ChildProcess[] = [];

  beforeAll(async () => {
    nginx = await RealNginx.prepare({ engines: ["127.0.0.1:1"], frontend: "127.0.0.1:1", logPort: 5531 });
    await nginx.start();
  });
  afterAll(async () => {
    for (const exporter of exporters) exporter.kill();
    await nginx.stop();
  });

  const run = (tool: string, args: readonly string[]) => {
    exporters.push(spawn(findTool(tool)!, args, { stdio: "ignore" }));
  };

  it("export the names of the gateway's connections", async () => {
    const [port] = await freePorts(1);
    run("prometheus-nginx-exporter", [
      `-nginx.scrape-uri=http://127.0.0.1:${nginx.statusPort}/stub_status`,
      `-web.listen-address=127.0.0.1:${port}`,
    ]);
    const names = await namesAt(`http://127.0.0.1:${port}/metrics`);
    const wanted = Object.values(GATEWAY).filter((name) => name.startsWith("nginx_"));
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  it("export the names of the probes, with the very configuration of the manifests", async () => {
    const [port] = await freePorts(1);
    const file = join(tmpdir(), `blackbox-${process.pid}.yaml`);
    // This machine has no certificate that anybody trusts.
    const configuration = JSON.parse(blackboxConfiguration());
    configuration.modules.page.http.tls_config = { insecure_skip_verify: true };
    writeFileSync(file, JSON.stringify(configuration));
    run("prometheus-blackbox-exporter", [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`]);
    const target = `https://127.0.0.1:${nginx.httpsPort}/health`;
    const names = await namesAt(`http://127.0.0.1:${port}/probe?module=page&target=${encodeURIComponent(target)}`);
    expect(Object.values(PROBE).filter((name) => !names.has(name))).toEqual([]);
    expect(names.get(PROBE.success)).toBe("1");
  });
});

/** Names and values that an exporter answers with, once it is there. */
async function namesAt(url: string): Promise<Map<string, string>> {
  const answer = () =>
    fetch(url).then(
      (response) => response.text(),
      () => undefined,
    );
  const text = await until(async () => (await answer()) || undefined, `an answer of ${url}`);
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.split(/[{ ]/)[0]!, line.split(" ").at(-1)!]));
}
