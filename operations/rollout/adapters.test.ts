import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import { selectionsOf } from "../../charts/testing/promql";
import { KubectlCluster } from "./kubectl-cluster";
import { PrometheusSignals, SIGNAL_QUERIES } from "./prometheus-signals";

const FRONTEND = { kind: "Deployment", namespace: "front", name: "frontend" } as const;

/** A kubectl that writes down what it is told and answers with a live Deployment. */
const KUBECTL = `#!/bin/sh
CALLS=$(dirname "$0")
for word in "$@"; do printf '%s\\n' "$word"; done > "$CALLS/arguments"
case " $* " in *" - "*) cat > "$CALLS/input";; esac
case " $* " in *" missing "*) echo 'Error from server (NotFound): deployments "missing" not found' >&2; exit 1;; esac
cat <<'ANSWER'
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "frontend", "generation": 7},
 "spec": {"replicas": 6}, "status": {"observedGeneration": 6, "replicas": 7, "updatedReplicas": 3, "readyReplicas": 6}}
ANSWER
`;

describe("KubectlCluster", () => {
  let folder: string;
  let cluster: KubectlCluster;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "kubectl-"));
    writeFileSync(join(folder, "kubectl"), KUBECTL, { mode: 0o755 });
    cluster = new KubectlCluster("production", join(folder, "kubectl"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const told = () => readFileSync(join(folder, "arguments"), "utf8").trim().split("\n");

  it("says how far a workload is, and that its controller has not seen the last change", async () => {
    expect(await cluster.progress(FRONTEND)).toEqual({ replicas: 6, pods: 7, updated: 3, ready: 6, observed: false });
    expect(told().slice(0, 7)).toEqual([
      "--context",
      "production",
      "get",
      "deployment",
      "frontend",
      "--namespace",
      "front",
    ]);
  });

  it("patches by merging, so that nulls remove", async () => {
    await cluster.patch(FRONTEND, { spec: { selector: { track: null } } });
    expect(told().slice(-4)).toEqual(["--type", "merge", "--patch", '{"spec":{"selector":{"track":null}}}']);
  });

  it("applies objects on the server's side", async () => {
    const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "frontend-canary" } };
    await cluster.apply(object);
    expect(told()).toContain("--server-side");
    expect(JSON.parse(readFileSync(join(folder, "input"), "utf8"))).toEqual(object);
  });

  it("removes what may not be there", async () => {
    await cluster.remove(FRONTEND);
    expect(told()).toEqual(expect.arrayContaining(["delete", "--ignore-not-found"]));
  });

  it("says what kubectl says when it refuses", async () => {
    await expect(cluster.get({ ...FRONTEND, name: "missing" })).rejects.toThrow(/deployments "missing" not found/);
  });
});

describe("PrometheusSignals", () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let asked: string | null;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = new URL(request.url!, "http://prometheus").searchParams.get("query");
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  const signals = () => new PrometheusSignals(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const result = (...values: string[]) => ({
    status: 200,
    body: {
      status: "success",
      data: { resultType: "vector", result: values.map((value) => ({ metric: {}, value: [0, value] })) },
    },
  });

  it("reads the share of failed requests", async () => {
    answer = result("0.015");
    expect(await signals().errorShare()).toBe(0.015);
    expect(asked).toBe(SIGNAL_QUERIES.errorShare);
  });

  it.each([[["NaN"]], [[]]])("knows that no requests are no failures (%j)", async (values) => {
    answer = result(...values);
    expect(await signals().errorShare()).toBeUndefined();
  });

  it("counts active engines", async () => {
    answer = result("1");
    expect(await signals().activeEngines()).toBe(1);
  });

  it("takes silence for trouble", async () => {
    answer = { status: 503, body: {} };
    await expect(signals().errorShare()).rejects.toThrow(/answers 503/);
    await expect(new PrometheusSignals("http://127.0.0.1:1").errorShare()).rejects.toThrow(/does not answer/);
  });

  it("asks in PromQL, for metrics that exist", () => {
    const metrics = Object.values(SIGNAL_QUERIES).flatMap((query) => selectionsOf(query).map(({ metric }) => metric));
    expect([...new Set(metrics)]).toEqual([
      "gateway_http_response_count_total",
      "hft_role",
      "hft_replication_lag_seconds",
    ]);
  });
});

describe("npm run rollout", () => {
  const rollout = (...args: string[]) => {
    const { status, stdout, stderr } = runTool("node_modules/.bin/tsx", ["operations/rollout/main.ts", ...args]);
    return { status, stdout, stderr };
  };
  const image = `registry.example.com/frontend@sha256:${"c".repeat(64)}`;

  it("shows the steps without a cluster when it is a dry run", () => {
    const { status, stdout } = rollout("start", "frontend", image, "--context", "none", "--dry-run");
    expect(status).toBe(0);
    expect(stdout.match(/^ {2}\d\. .*/gm)).toEqual([
      "  1. add a canary set of frontend",
      "  2. watch a tenth of the requests",
      "  3. grow the canary of frontend to 50 %",
      "  4. watch half of the requests",
      "  5. replace the pods of frontend",
      "  6. watch all requests",
      "  7. remove the canary set of frontend",
    ]);
  });

  it.each([
    [["start", "frontend", "frontend:latest", "--context", "none"], /give registry\/name@sha256/],
    [["start", "database", image, "--context", "none"], /choose one of gateway, frontend, engine/],
    [["start", "frontend", image, "--context", "none", "--strategy", "brave"], /rolling, canary, blue-green/],
  ])("refuses %j with one line", (args, message) => {
    const { status, stderr } = rollout(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
