import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get as plainGet } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { newDirectory } from "@hft/engine/testing/server-process";
import { findTool, requires, runTool, until } from "@hft/testing";
import { synthesizeManifests } from "../../charts";
import { WEB_FILE, webConfiguration } from "../../charts/certificates/web-configuration";
import { blackboxConfiguration } from "../../charts/monitoring/blackbox-exporter";
import { environmentNamed } from "../../charts/testing/every-site";
import { podTemplates } from "../../charts/testing/pod-templates";
import { freePorts, RealNginx } from "../../charts/testing/real-nginx";
import { EngineCertificates } from "./engine-certificates";

/** Generous: machines that build are busy. */
const LONG_MS = 120_000;

const production = synthesizeManifests(environmentNamed("production"), "eu-west-1");

/** What a container of production is started with. */
function argumentsOf(container: string): readonly string[] {
  const containers = podTemplates(production).flatMap(({ spec }) => spec.containers);
  return containers.find(({ name }) => name === container)!.args!;
}

interface TlsSettings {
  readonly scheme: string;
  readonly tlsConfig: { readonly serverName: string };
}

/** How Prometheus is told to ask a workload. */
function settingsOf(monitor: string): TlsSettings {
  const { spec } = production.find(({ kind, metadata }) => kind === "ServiceMonitor" && metadata.name === monitor)!;
  return (spec as { endpoints: TlsSettings[] }).endpoints[0]!;
}

requires(
  "nginx",
  "openssl",
  "prometheus",
  "promtool",
  "nginx-prometheus-exporter",
  "blackbox_exporter",
)("metrics by TLS, of the exporters at the versions of the manifests", () => {
  const { scheme, tlsConfig } = settingsOf("gateway");
  const name = tlsConfig.serverName;
  const processes: ChildProcess[] = [];
  let folder: string;
  let certificates: EngineCertificates;
  let identityFolder: string;
  let nginx: RealNginx;
  let counted: ReturnType<typeof createServer>;

  beforeAll(async () => {
    folder = newDirectory("exporters");
    certificates = new EngineCertificates();
    certificates.issue(certificates.authority, [], name);
    identityFolder = dirname(certificates.files.certificateFile);
    mkdirSync(join(folder, "prometheus"));
    writeFileSync(join(folder, WEB_FILE), webConfiguration(identityFolder));
    writeFileSync(join(folder, "blackbox.yaml"), blackboxConfiguration());
    writeFileSync(join(folder, "authority.pem"), certificates.authority.certificate);
    counted = createServer((_, response) => response.end("gateway_parse_errors_total 0\n")).listen(0, "127.0.0.1");
    await once(counted, "listening");
    const plainMetricsPort = (counted.address() as AddressInfo).port;
    nginx = await RealNginx.prepare({
      engines: ["127.0.0.1:1"],
      logPort: 5531,
      plainMetricsPort,
      internalDirectory: identityFolder,
    });
    await nginx.start();
  }, LONG_MS);
  afterAll(async () => {
    for (const each of processes) each.kill();
    await Promise.all(processes.map((each) => each.exitCode ?? once(each, "exit")));
    counted.close();
    await nginx.stop();
    certificates.remove();
    rmSync(folder, { recursive: true });
  }, LONG_MS);

  /** Starts an exporter as its container is, with files and ports of this machine. */
  async function run(tool: string, container: string): Promise<number> {
    const [port] = await freePorts(1);
    const words = argumentsOf(container).map((word) =>
      word
        .replace(/\/etc\/(gateway|blackbox)\//, `${folder}/`)
        .replace(/127\.0\.0\.1:8081/, `127.0.0.1:${nginx.statusPort}`),
    );
    const listen = [`--web.listen-address=127.0.0.1:${port}`];
    const own = words.filter((word) => !word.startsWith("--web.listen-address"));
    processes.push(spawn(findTool(tool)!, [...own, ...listen], { stdio: "ignore" }));
    await until(async () => (await shown(port!).catch(() => undefined)) !== undefined);
    return port!;
  }

  /** Certificate that a port shows to who believes the internal authority and asks for the name. */
  async function shown(port: number): Promise<{ fingerprint: string; text: string }> {
    const asking = request({
      host: "127.0.0.1",
      port,
      path: "/metrics",
      servername: name,
      ca: certificates.authority.certificate,
      agent: false,
    });
    asking.end();
    const [answer] = await once(asking, "response");
    const fingerprint = answer.socket.getPeerCertificate().fingerprint256;
    let text = "";
    for await (const chunk of answer) text += chunk;
    return { fingerprint, text };
  }

  const statusOfPlain = async (port: number): Promise<number> => {
    const [answer] = await once(plainGet({ host: "127.0.0.1", port, path: "/metrics", agent: false }), "response");
    answer.resume();
    return answer.statusCode;
  };

  it("have a web configuration that promtool takes", () => {
    const file = join(folder, WEB_FILE);
    expect(runTool("promtool", ["check", "web-config", file])).toMatchObject({
      status: 0,
      output: `${file} SUCCESS\n`,
    });
  });

  it(
    "are read by TLS only, with a renewed certificate at once; Prometheus finds them by the name, and by no other",
    async () => {
      const ports = [
        await run("nginx-prometheus-exporter", "connection-exporter"),
        await run("blackbox_exporter", "blackbox-exporter"),
        nginx.metricsPort,
      ];
      const before = await Promise.all(ports.map(shown));
      expect(before[0]!.text).toMatch(/^nginx_up 1$/m);
      expect(before[2]!.text).toBe("gateway_parse_errors_total 0\n");
      expect(await Promise.all(ports.map(statusOfPlain))).toEqual([400, 400, 400]);
      certificates.issue(certificates.authority, [], name);
      const after = await Promise.all(ports.map(shown));
      for (const [index, { fingerprint }] of after.entries()) expect(fingerprint).not.toBe(before[index]!.fingerprint);
      expect(new Set(after.map(({ fingerprint }) => fingerprint)).size).toBe(1);
      expect(await upByJob(ports)).toEqual({ named: ["1", "1", "1"], misnamed: ["0", "0", "0"] });
    },
    LONG_MS,
  );

  /** What a real Prometheus makes of them, told as the operator tells it. */
  async function upByJob(ports: readonly number[]): Promise<Record<string, string[]>> {
    const [port] = await freePorts(1);
    const job = (job_name: string, server_name: string) => ({
      job_name,
      scheme,
      tls_config: { ca_file: join(folder, "authority.pem"), server_name },
      static_configs: [{ targets: ports.map((each) => `127.0.0.1:${each}`) }],
    });
    const configuration = {
      global: { scrape_interval: "1s", scrape_timeout: "1s" },
      scrape_configs: [job("named", name), job("misnamed", "another.example")],
    };
    const file = join(folder, "prometheus.yaml");
    writeFileSync(file, JSON.stringify(configuration));
    const storage = `--storage.tsdb.path=${join(folder, "prometheus")}`;
    const words = [`--config.file=${file}`, storage, `--web.listen-address=127.0.0.1:${port}`];
    processes.push(spawn(findTool("prometheus")!, words, { stdio: "ignore" }));
    const found: Record<string, string[]> = {};
    await until(async () => {
      const asked = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=up`).catch(() => undefined);
      const { data } = (asked?.ok ? await asked.json() : {}) as {
        data?: { result: { metric: { job: string }; value: [number, string] }[] };
      };
      for (const each of ["named", "misnamed"]) {
        found[each] = (data?.result ?? []).filter(({ metric }) => metric.job === each).map(({ value }) => value[1]);
      }
      return Object.values(found).every((values) => values.length === ports.length);
    });
    return found;
  }
});
