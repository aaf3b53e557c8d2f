import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, runTool } from "@hft/testing";
import { synthesizeManifests } from "../platform";
import { EVERY_SITE, environmentNamed } from "../testing/every-site";
import { ALERTMANAGER_SECRET, alertmanagerConfiguration } from "./alertmanager";

requires("amtool")("amtool", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const written = (environment: string) => {
    const file = join(folder, `${environment}.yml`);
    writeFileSync(file, alertmanagerConfiguration(environmentNamed(environment)));
    return file;
  };
  const receivers = (environment: string, ...labels: string[]) =>
    runTool("amtool", ["config", "routes", "test", `--config.file=${written(environment)}`, ...labels]).output.trim();

  it.each(["development", "staging", "production", "hybrid"])("accepts the configuration of %s", (environment) => {
    expect(runTool("amtool", ["check-config", written(environment)])).toMatchObject({
      status: 0,
      output: expect.stringContaining("SUCCESS"),
    });
  });

  it("sends critical alerts to PagerDuty and to Slack", () => {
    expect(receivers("production", "severity=critical", "alertname=NoActiveEngine")).toBe("pagerduty,slack");
  });

  it("sends warnings to Slack only", () => {
    expect(receivers("production", "severity=warning", "alertname=GatewaySlow")).toBe("slack");
  });

  it("wakes nobody for development", () => {
    expect(receivers("development", "severity=critical", "alertname=NoActiveEngine")).toBe("slack");
  });

  it("keeps the alert that always fires to itself, and loses no other", () => {
    expect(receivers("production", "severity=none", "alertname=Watchdog")).toBe("nobody");
    expect(receivers("production", "alertname=SomethingNew")).toBe("slack");
  });
});

describe("Alertmanager's configuration", () => {
  const configuration = JSON.parse(alertmanagerConfiguration(environmentNamed("production")));

  it("groups and repeats as agreed", () => {
    expect(configuration.route).toMatchObject({ group_wait: "30s", group_interval: "5m", repeat_interval: "4h" });
  });

  it("takes every secret from a file", () => {
    const text = JSON.stringify(configuration);
    expect(text).toContain("api_url_file");
    expect(text).toContain("routing_key_file");
    expect(text).not.toMatch(/"(api_url|routing_key|service_key)"/);
  });

  it.each(EVERY_SITE)("reaches the Secret of %s unchanged by the operator's templates", (_, environment, region) => {
    const secret = synthesizeManifests(environment, region).find(
      ({ metadata }) => metadata.name === ALERTMANAGER_SECRET,
    );
    const { template } = (secret!.spec as { target: { template: { data: Record<string, string> } } }).target;
    // What Go's text/template makes of a string constant in braces.
    const expanded = template.data["alertmanager.yaml"]!.replace(/\{\{ "(\{\{|\}\})" \}\}/g, "$1");
    expect(expanded).toBe(alertmanagerConfiguration(environment));
  });
});
