import { reviewTrees } from "../review";
import { isJsonObject, type Json, type JsonObject } from "../tree";
import { aTree } from "../tree/a-tree";
import { objectChanges } from "./";

const container = (more: JsonObject = {}): JsonObject => ({
  name: "app",
  image: "r/app@sha256:1",
  resources: { requests: { cpu: "500m", memory: "1Gi" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
  ...more,
});

const workload = (kind: string, spec: JsonObject = {}, own: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "app", namespace: "trading" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "app" } },
    template: { spec: { containers: [container(own)] } },
    ...spec,
  },
});

function changes(before: JsonObject, after: JsonObject) {
  return objectChanges(aTree().withObjects(before).objects, aTree().withObjects(after).objects);
}

function rules(before: JsonObject[], after: JsonObject[]): string[] {
  return reviewTrees(aTree().withObjects(...before), aTree().withObjects(...after)).findings.map(({ rule }) => rule);
}

describe("Kubernetes objects", () => {
  it("are compared field by field, with containers found by name", () => {
    const [change] = changes(workload("Deployment"), workload("Deployment", {}, { image: "r/app@sha256:2" }));
    expect(change).toMatchObject({ id: "Deployment trading/app", action: "update", restarts: true });
    expect(change!.fields).toEqual([
      { path: "spec.template.spec.containers[name=app].image", before: "r/app@sha256:1", after: "r/app@sha256:2" },
    ]);
  });

  it("are equal whatever the order of keys, null members and named lists", () => {
    const reversed = (json: Json): Json =>
      isJsonObject(json)
        ? Object.fromEntries(
            Object.entries(json)
              .reverse()
              .map(([name, value]) => [name, reversed(value)]),
          )
        : Array.isArray(json)
          ? json.map(reversed)
          : json;
    expect(changes(workload("Deployment"), reversed(workload("Deployment", { paused: null })) as JsonObject)).toEqual(
      [],
    );
  });

  it("move capacity with replicas and requests", () => {
    expect(changes(workload("Deployment"), workload("Deployment", { replicas: 5 }))[0]!.capacity).toEqual({
      pods: 3,
      cpus: 1.5,
      memoryMiB: 3072,
    });
    expect(changes(workload("Deployment"), workload("Deployment", { replicas: 5 }))[0]!.restarts).toBe(false);
  });

  it.each([
    ["Deployment", { selector: { matchLabels: { app: "other" } } }, "spec.selector.matchLabels.app"],
    ["StatefulSet", { serviceName: "other" }, "spec.serviceName"],
  ])("cannot change fixed fields of a %s", (kind, spec, path) => {
    expect(changes(workload(kind), workload(kind, spec))[0]!.immutable).toEqual([expect.objectContaining({ path })]);
  });

  it("may change the template of a StatefulSet, which restarts it", () => {
    const [change] = changes(workload("StatefulSet"), workload("StatefulSet", {}, { image: "r/app@sha256:2" }));
    expect(change).toMatchObject({ immutable: [], restarts: true });
  });

  it.each<[string, JsonObject[], JsonObject[]]>([
    ["RV-K8S-1", [workload("Deployment")], [workload("Deployment", { selector: { matchLabels: { app: "b" } } })]],
    ["RV-K8S-2", [workload("StatefulSet")], [workload("StatefulSet", {}, { image: "r/app@sha256:2" })]],
    ["RV-K8S-3", [{ kind: "NetworkPolicy", metadata: { name: "deny" } }], []],
    [
      "RV-K8S-3",
      [{ kind: "PodDisruptionBudget", metadata: { name: "b" }, spec: { minAvailable: 2 } }],
      [{ kind: "PodDisruptionBudget", metadata: { name: "b" }, spec: { minAvailable: 1 } }],
    ],
    ["RV-K8S-4", [workload("Deployment")], [workload("Deployment", {}, { securityContext: { privileged: true } })]],
    [
      "RV-K8S-5",
      [{ kind: "Role", metadata: { name: "r" }, rules: [] }],
      [{ kind: "Role", metadata: { name: "r" }, rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] }],
    ],
    ["RV-K8S-6", [{ kind: "PersistentVolumeClaim", metadata: { name: "data" } }], []],
    ["RV-K8S-7", [workload("Deployment", { replicas: 6 })], [workload("Deployment", { replicas: 2 })]],
    ["RV-K8S-8", [workload("Deployment")], [workload("Deployment", {}, { image: "r/app:latest" })]],
  ])("%s is found", (rule, before, after) => {
    expect(rules(before, after)).toContain(rule);
    expect(rules(before, before)).toEqual([]);
  });

  it("can be accepted with an annotation", () => {
    const accepted = {
      ...workload("Deployment", { replicas: 1 }),
      metadata: {
        name: "app",
        namespace: "trading",
        annotations: { "review/RV-K8S-7": "the batch moved elsewhere, issue 9" },
      },
    };
    const { findings } = reviewTrees(aTree().withObjects(workload("Deployment")), aTree().withObjects(accepted));
    expect(findings.find(({ rule }) => rule === "RV-K8S-7")).toMatchObject({
      accepted: "the batch moved elsewhere, issue 9",
    });
  });
});
