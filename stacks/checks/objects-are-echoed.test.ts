import { WRITTEN_BY_OTHERS } from "../manifest-resources";
import { aSynthesizedEnvironment } from "./a-synthesized-environment";
import { objectsAreEchoed } from "./objects-are-echoed";

const deployed = (manifest: object, computed_fields?: readonly string[]) =>
  aSynthesizedEnvironment("development", {
    stacks: {
      "development-eu-west-1-workloads": {
        kubernetes_manifest: { it: { "//": { metadata: { path: "here" } }, manifest, computed_fields } },
      },
    },
  });
const metadata = { name: "x", namespace: "front" };

describe("objectsAreEchoed", () => {
  it("refuses a value that the API server drops, and says what to write", () => {
    const manifest = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata, globalDefault: false };
    expect(objectsAreEchoed(deployed(manifest))).toEqual([
      "HFT-SYN-010 here globalDefault: false; omit the field, as the API server does",
    ]);
  });

  it("refuses an amount in another spelling", () => {
    const spec = { hard: { "requests.memory": "2048Mi" } };
    expect(objectsAreEchoed(deployed({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec }))).toEqual([
      'HFT-SYN-010 here spec.hard.requests.memory: "2048Mi"; write "2Gi" as the API server does',
    ]);
  });

  it("says so when it does not know a kind", () => {
    expect(objectsAreEchoed(deployed({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata }))).toEqual([
      expect.stringContaining("HFT-SYN-010 here: the API server's schema of apps/v1/ReplicaSet is not known here"),
    ]);
  });

  // Sources: Kubernetes 1.35, pkg/registry/batch/job/strategy.go, `generateSelector`: labels of a job's pods; kubectl
  // 1.35, polymorphichelpers/objectrestarter.go: `kubectl.kubernetes.io/restartedAt` in the templates of these three
  // kinds.
  it("knows where controllers and kubectl write into what is deployed", () => {
    expect(WRITTEN_BY_OTHERS).toEqual({
      Job: "spec.template.metadata.labels",
      DaemonSet: "spec.template.metadata.annotations",
      Deployment: "spec.template.metadata.annotations",
      StatefulSet: "spec.template.metadata.annotations",
    });
  });

  it.each(Object.entries(WRITTEN_BY_OTHERS))("refuses a %s whose %s is not computed", (kind, field) => {
    const manifest = { apiVersion: kind === "Job" ? "batch/v1" : "apps/v1", kind, metadata };
    expect(objectsAreEchoed(deployed(manifest))).toEqual([
      `HFT-SYN-011 here: computed_fields has no ${field}, where controllers and kubectl write; deploy it with deployManifests`,
    ]);
    expect(objectsAreEchoed(deployed(manifest, ["metadata.labels", field]))).toEqual([]);
  });
});
