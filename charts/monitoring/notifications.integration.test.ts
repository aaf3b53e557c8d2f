import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, until } from "@hft/testing";
import { siteOf } from "../site";
import { environmentNamed } from "../testing/every-site";
import { RealAlertmanager } from "../testing/real-alertmanager";
import { alertmanagerConfiguration } from "./alertmanager";
import { renderGroup, ruleGroups } from "./rules";

interface Message {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

const site = siteOf(environmentNamed("production"), "eu-west-1");
const rules = ruleGroups(site).flatMap((group) => renderGroup(site, group).rules);

requires("prometheus-alertmanager")("a real Alertmanager with the rendered configuration", () => {
  const received: Message[] = [];
  let receiver: Server;
  let alertmanager: RealAlertmanager;
  let folder: string;

  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      received.push({ path: request.url!, body: JSON.parse(text) });
      response.writeHead(request.url === "/pagerduty" ? 202 : 200).end("ok");
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const receiverAddress = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;

    folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
    const secrets = join(folder, "alertmanager-receivers");
    mkdirSync(secrets);
    writeFileSync(join(secrets, "slack-webhook"), `${receiverAddress}/slack`);
    writeFileSync(join(secrets, "pagerduty-key"), "0123456789abcdef0123456789abcdef");
    const configuration = JSON.parse(
      alertmanagerConfiguration(site.environment).replaceAll(
        "/etc/alertmanager/secrets/alertmanager-receivers",
        secrets,
      ),
    );
    configuration.route.group_wait = "100ms";
    configuration.global.pagerduty_url = `${receiverAddress}/pagerduty`;
    alertmanager = await RealAlertmanager.start(folder, configuration);
  });

  afterAll(async () => {
    await alertmanager.stop();
    receiver.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    received.length = 0;
  });

  /** What Prometheus would send for a rule that fires. */
  const fire = async (name: string, labels: Record<string, string> = {}) => {
    const rule = rules.find((each) => "alert" in each && each.alert === name) as {
      labels: Record<string, string>;
      annotations: Record<string, string>;
    };
    const alert = { labels: { alertname: name, ...rule.labels, ...labels }, annotations: rule.annotations };
    const { ok } = await fetch(`${alertmanager.address}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([alert]),
    });
    expect(ok).toBe(true);
  };

  const messages = async (path: string, count: number) => {
    const found = () => received.filter((message) => message.path === path);
    await until(() => found().length >= count, `${count} messages to ${path}`);
    return found();
  };

  it("wakes somebody and tells Slack of a critical alert, each with the runbook", async () => {
    await fire("NoActiveEngine");
    const [page] = await messages("/pagerduty", 1);
    expect(page!.body).toMatchObject({
      routing_key: "0123456789abcdef0123456789abcdef",
      event_action: "trigger",
      payload: {
        summary: "NoActiveEngine: No engine is active: nobody can trade",
        custom_details: { runbook: expect.stringMatching(/docs\/runbooks\/NoActiveEngine\.md$/) },
      },
    });
    const [post] = await messages("/slack", 1);
    const [attachment] = post!.body.attachments as Record<string, string>[];
    expect(post!.body.channel).toBe("#hft-production");
    expect(attachment!.title).toBe("[FIRING] critical: NoActiveEngine (eu-west-1)");
    expect(attachment!.text).toMatch(/nobody can trade <https:.*NoActiveEngine\.md\|runbook>/);
  });

  it("tells Slack alone of a warning", async () => {
    await fire("PublicEndpointSlow");
    await messages("/slack", 1);
    expect(received.map(({ path }) => path)).toEqual(["/slack"]);
  });

  it("keeps a warning back that a critical alert explains", async () => {
    await fire("StandbyBehind");
    await messages("/pagerduty", 1);
    received.length = 0;
    await fire("StandbyFallingBehind");
    // Another one's message shows that the group of the first has been looked at too.
    await fire("LogsNotShipped");
    await messages("/slack", 1);
    expect(JSON.stringify(received)).not.toContain("StandbyFallingBehind");
  });
});
