import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CONFIGURATION_FILE_VARIABLE, loadConfiguration } from "@hft/engine/configuration";
import { cpuMillicores } from "@hft/toolkit";
import type { IDeploymentSpec, IStatefulSetSpec } from "kubernetes-models/apps/v1";
import type { IContainer, IProbe } from "kubernetes-models/v1";
import type { KubernetesObject } from "./kubernetes/manifest";
import { podIdentities, synthesizeManifests } from "./platform";
import { PLATFORM_ENDPOINT_KEYS } from "./platform-endpoints";
import { EVERY_SITE, environmentNamed } from "./testing/every-site";

const production = environmentNamed("production");
const objects = synthesizeManifests(production, "eu-west-1");
const staging = synthesizeManifests(environmentNamed("staging"), "eu-west-1");

function find<Spec>(kind: string, name: string, among: readonly KubernetesObject[] = objects) {
  const object = among.find((each) => each.kind === kind && each.metadata.name === name);
  if (!object) throw new Error(`no ${kind} ${name}`);
  return { ...object, spec: object.spec as Spec };
}

const timing = ({ initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold }: IProbe) => [
  initialDelaySeconds,
  periodSeconds,
  timeoutSeconds,
  failureThreshold,
];

describe("an environment without a frontend", () => {
  const development = synthesizeManifests(environmentNamed("development"), "eu-west-1");

  it("has no trace of one: no pods, no Service, no policy, no autoscaler, no monitor", () => {
    const ofFrontend = development.filter(({ metadata }) => metadata.name.startsWith("frontend"));
    expect(ofFrontend.map(({ kind }) => kind)).toEqual([]);
  });

  it("shows the engine's own screen through the gateway", () => {
    const { data } = development.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "gateway") as {
      data?: Record<string, string>;
    };
    expect(data?.["nginx.conf"]).toContain("screen");
    expect(data?.["nginx.conf"]).not.toContain("frontend");
  });
});

describe("the frontend", () => {
  const { spec } = find<IDeploymentSpec>("Deployment", "frontend");
  const [container] = spec.template.spec!.containers as [IContainer];

  it("has the resources of production, and half of them in staging", () => {
    expect(container.resources).toEqual({
      requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
      limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "2Gi" },
    });
    const [half] = find<IDeploymentSpec>("Deployment", "frontend", staging).spec.template.spec!.containers as [
      IContainer,
    ];
    expect(half.resources?.requests).toEqual({ cpu: "500m", memory: "512Mi", "ephemeral-storage": "512Mi" });
  });

  it("is probed as agreed", () => {
    expect(timing(container.livenessProbe!)).toEqual([60, 30, 10, 3]);
    expect(timing(container.readinessProbe!)).toEqual([10, 10, 5, 3]);
    expect(container.startupProbe?.failureThreshold).toBe(30);
    expect(container.readinessProbe?.httpGet?.path).toBe("/api/health");
  });

  it("rolls two at a time with one away at most, over hosts and zones", () => {
    expect(spec.strategy?.rollingUpdate).toEqual({ maxSurge: 2, maxUnavailable: 1 });
    expect(spec.template.spec?.topologySpreadConstraints?.[0]?.topologyKey).toBe("topology.kubernetes.io/zone");
    expect(spec.template.spec?.affinity?.podAntiAffinity).toBeDefined();
    expect(spec.template.spec?.dnsConfig?.options).toEqual([{ name: "ndots", value: "2" }, { name: "edns0" }]);
  });

  it.each([
    ["frontend", 6, 20],
    ["gateway", 3, 10],
  ])("and the gateway scale with load: %s from %i to %i", (name, minReplicas, maxReplicas) => {
    expect(find("HorizontalPodAutoscaler", name).spec).toMatchObject({
      minReplicas,
      maxReplicas,
      metrics: [
        { resource: { name: "cpu", target: { averageUtilization: 70 } } },
        { resource: { name: "memory", target: { averageUtilization: 80 } } },
      ],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Percent", value: 10, periodSeconds: 60 }] },
        scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Percent", value: 50, periodSeconds: 60 }] },
      },
    });
  });
});

describe.each(EVERY_SITE)("the engine of %s", (_, environment, region) => {
  const manifests = synthesizeManifests(environment, region);
  const { spec } = find<IStatefulSetSpec>("StatefulSet", "engine", manifests);
  const pod = spec.template.spec!;
  const [container] = pod.containers as [IContainer];
  const { lane } = environment;

  it("is Guaranteed, with whole CPUs that its node has isolated and every huge page", () => {
    expect(container.resources?.requests).toEqual(container.resources?.limits);
    expect(cpuMillicores(container.resources?.requests?.cpu)! % 1000).toBe(0);
    expect(container.resources?.requests).toMatchObject(lane.engineResources);
    expect(pod.initContainers ?? []).toEqual([]);
  });

  it("lays its threads as the partition says, in a configuration that the engine takes", () => {
    const { data } = find("ConfigMap", "engine", manifests) as unknown as { data: Record<string, string> };
    const endpoints = Object.fromEntries(Object.values(PLATFORM_ENDPOINT_KEYS).map((key) => [key, "a.example.com:1"]));
    const file = join(mkdtempSync(join(tmpdir(), "engine-")), "engine.json");
    writeFileSync(file, data["engine.json"]!);
    const configuration = loadConfiguration({
      ...endpoints,
      REGION_ROLE: "active",
      [CONFIGURATION_FILE_VARIABLE]: file,
    });
    rmSync(dirname(file), { recursive: true });
    expect(configuration.threads).toEqual({ ...lane.threadCores, spin: true });
    expect(configuration.memory.hugepages2Mi).toBe(environment.nodePools.lowLatency.hugepages2Mi);
  });

  it("never runs two engines on one node, and one of them may be away", () => {
    expect(pod.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
    expect(find("PodDisruptionBudget", "engine", manifests).spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  it("may replay for minutes before it counts as dead, and has time to drain and to write a snapshot", () => {
    const { periodSeconds = 0, failureThreshold = 0 } = container.startupProbe!;
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(environment.recovery.rtoSeconds >= 300 ? 300 : 60);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(30);
    expect(container.livenessProbe?.httpGet?.path).not.toBe(container.readinessProbe?.httpGet?.path);
  });

  it("keeps its journal when it is scaled down or deleted", () => {
    expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
  });
});

describe("accounts", () => {
  it("of every workload carry no token, and only those that need AWS have an identity", () => {
    const accounts = objects.filter(({ kind }) => kind === "ServiceAccount");
    for (const account of accounts) expect(account.automountServiceAccountToken).toBe(false);
    const identities = podIdentities(production, "eu-west-1").map(({ serviceAccount }) => serviceAccount);
    expect(identities.sort()).toEqual([
      "configuration-backup",
      "database-backup",
      "database-restore",
      "engine",
      "journal-backup",
      "log-shipper",
    ]);
    expect(accounts.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(identities));
  });

  interface Rule {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly verbs: string[];
  }
  const rulesOf = (name: string) => (find("ClusterRole", name) as unknown as { rules: Rule[] }).rules;
  const may = (name: string, verb: string, resource: string) =>
    rulesOf(name).some(({ verbs, resources }) => verbs.includes(verb) && resources.includes(resource));

  it("of people are as strong as their task: operators look, deployers release, break-glass ends incidents", () => {
    expect(
      rulesOf("hft-operator")
        .flatMap(({ verbs }) => verbs)
        .filter((verb) => !["get", "list", "watch"].includes(verb)),
    ).toEqual([]);
    expect([may("hft-deployer", "patch", "deployments"), may("hft-deployer", "delete", "networkpolicies")]).toEqual([
      true,
      false,
    ]);
    expect(may("hft-break-glass", "create", "pods/exec")).toBe(true);
    const readers = ["hft-operator", "hft-deployer", "hft-break-glass"].filter((name) => may(name, "get", "secrets"));
    expect(readers).toEqual(["hft-break-glass"]);
  });

  it("of people have no wildcard and reach no other namespace, but see the nodes", () => {
    const text = JSON.stringify(objects.filter(({ kind }) => /Role/.test(kind)));
    expect(text).not.toContain('"*"');
    const bound = objects.filter(({ kind }) => kind === "ClusterRoleBinding").map(({ metadata }) => metadata.name);
    expect(bound).toEqual(["hft-node-reader"]);
    expect(rulesOf("hft-node-reader")).toEqual([
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    ]);
  });

  it("of people let break-glass alone fetch a rotated secret at once", () => {
    const refreshers = ["hft-operator", "hft-deployer", "hft-break-glass"].filter((name) =>
      may(name, "patch", "externalsecrets"),
    );
    expect(refreshers).toEqual(["hft-break-glass"]);
  });
});

describe("jobs", () => {
  it("save nothing in a region that stands by, and migrate nothing there", () => {
    const standby = synthesizeManifests(production, "eu-central-1");
    const suspended = (among: readonly KubernetesObject[]) =>
      among
        .filter(({ kind, spec }) => kind === "CronJob" && (spec as { suspend: boolean }).suspend)
        .map(({ metadata }) => metadata.name);
    expect(suspended(objects)).toEqual(["database-restore"]);
    expect(suspended(standby)).toHaveLength(4);
    expect(standby.filter(({ kind }) => kind === "Job")).toEqual([]);
  });

  it("migrate before the engines of the same release start", () => {
    const order = objects.map(({ kind }) => kind);
    expect(order.indexOf("Job")).toBeGreaterThan(order.lastIndexOf("ExternalSecret"));
    expect(order.indexOf("Job")).toBeLessThan(order.indexOf("StatefulSet"));
  });

  const migrationOf = (environment: typeof production) =>
    synthesizeManifests(environment, "eu-west-1").find(({ kind }) => kind === "Job")!;

  it("are another job for everything that the API server lets nobody change in the template of one", () => {
    const name = migrationOf(production).metadata.name;
    expect(name).toMatch(/^migration-[0-9a-f]{10}$/);
    const released = { ...production, images: { ...production.images, engine: `a/engine@sha256:${"1".repeat(64)}` } };
    expect(migrationOf(released).metadata.name).not.toBe(name);
    // Authorities of an own database are one more file, which no pod's template shows: the same job.
    expect(migrationOf({ ...production, frontend: { min: 1, max: 2 } }).metadata.name).toBe(name);
  });

  // Source: Kubernetes 1.35, pkg/registry/batch/job/strategy.go, `DefaultGarbageCollectionPolicy`: a job of batch/v1
  // that is deleted without a policy orphans its pods, unless this finalizer keeps it (apimachinery,
  // `FinalizerDeleteDependents`).
  it("wait for their pods when they are replaced: never two migrations at once", () => {
    expect(migrationOf(production).metadata).toMatchObject({ finalizers: ["foregroundDeletion"] });
  });
});

describe("quotas", () => {
  it.each(EVERY_SITE)(
    "of %s leave room for every workload at its largest, twice while it is released",
    (_, environment, region) => {
      const manifests = synthesizeManifests(environment, region);
      const hard = (namespace: string) =>
        (
          manifests.find(({ kind, metadata }) => kind === "ResourceQuota" && metadata.namespace === namespace)!
            .spec as {
            hard: Record<string, string>;
          }
        ).hard;
      expect(Number(hard("front").pods)).toBe(2 * (environment.gateway.max + (environment.frontend?.max ?? 0)));
      expect(Number(hard("trading").pods)).toBeGreaterThanOrEqual(environment.nodePools.lowLatency.nodes + 4);
      expect(hard("trading")["requests.hugepages-2Mi"]).toBeDefined();
    },
  );
});

describe("an engine's topics", () => {
  const withTopics = (topics: ReturnType<typeof environmentNamed>["streaming"]["topics"]) => {
    const environment = environmentNamed("development");
    const changed = { ...environment, streaming: { ...environment.streaming, topics } };
    const manifests = synthesizeManifests(changed, environment.regions[0]!.name);
    const { data } = find("ConfigMap", "engine", manifests) as unknown as { data: Record<string, string> };
    return JSON.parse(data["engine.json"]!).kafka.topics;
  };

  it("are those of the environment, with their partitions and retention, behind a prefix or not", () => {
    const orders = { name: "orders", partitions: 4, retentionHours: 72 };
    const executions = { name: "trading.executions", partitions: 10, retentionHours: 168 };
    const marketData = { name: "trading.market-data", partitions: 6, retentionHours: 24 };
    expect(withTopics([marketData, orders, executions])).toEqual({ orders, executions, marketData });
  });

  it("are refused by name when one is missing", () => {
    const topics = [
      { name: "orders", partitions: 1, retentionHours: 1 },
      { name: "other-executions", partitions: 1, retentionHours: 1 },
    ];
    expect(() => withTopics(topics)).toThrow(
      'streaming.topics has no topic for executions; name one "executions", or with a prefix as in "trading.executions"',
    );
  });
});

describe("an engine and its standby", () => {
  const configurationOf = (environment: string, region: string) => {
    const manifests = synthesizeManifests(environmentNamed(environment), region);
    const { data } = find("ConfigMap", "engine", manifests) as unknown as { data: Record<string, string> };
    return { manifests, ...JSON.parse(data["engine.json"]!) };
  };

  it("are in two regions where there are two, one engine each, found by the other region's fixed name", () => {
    const west = configurationOf("production", "eu-west-1");
    expect(west.replication).toMatchObject({ listenPort: 7400, peer: "engine-eu-central-1.aws.hft.example.com:7400" });
    expect(configurationOf("production", "eu-central-1").replication.peer).toBe(
      "engine-eu-west-1.aws.hft.example.com:7400",
    );
    expect(find<IStatefulSetSpec>("StatefulSet", "engine", west.manifests).spec.replicas).toBe(1);
    expect(find("TargetGroupBinding", "engine-replication", west.manifests).spec).toMatchObject({
      serviceRef: { name: "engine-replication", port: 7400 },
      targetGroupName: "hft-production-eu-west-1-engine",
    });
    expect(find("TargetGroupBinding", "engine-api", west.manifests).spec).toMatchObject({
      serviceRef: { name: "engine-api", port: 7443 },
      targetGroupName: "hft-production-euw1-engine-api",
    });
  });

  it("are two pods side by side where there is one region", () => {
    const { manifests, replication } = configurationOf("hybrid", "eu-west-2");
    expect(replication.members).toEqual([
      "engine-0.engine.trading.svc.cluster.local:7400",
      "engine-1.engine.trading.svc.cluster.local:7400",
    ]);
    expect(find<IStatefulSetSpec>("StatefulSet", "engine", manifests).spec.replicas).toBe(2);
  });

  it("change nothing of their pods when writes move to the other region: a restart then would cost the recovery", () => {
    const moved = { ...environmentNamed("production"), activeRegion: "eu-central-1" };
    const pod = (environment: typeof moved) =>
      find<IStatefulSetSpec>("StatefulSet", "engine", synthesizeManifests(environment, "eu-central-1")).spec;
    expect(pod(moved)).toEqual(pod(environmentNamed("production")));
  });
});
