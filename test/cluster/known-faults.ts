import type { KubernetesObject } from "../../charts";
import type { ApiClient } from "./api-client";
import { judgeObject, namespaceOf } from "./judge";

interface KnownFault {
  readonly fault: string;
  /** What the judge must say of the object. */
  readonly expected: string;
  readonly object: KubernetesObject;
}

const NAMESPACE = "known-faults";
const labels = { app: "sample" };
const named = (name: string) => ({ name, namespace: NAMESPACE });
const container = { name: "sample", image: "registry.invalid/sample:1" };
const pod = (spec: object) => ({ metadata: { labels }, spec: { containers: [container], ...spec } });
const deployment = (name: string, spec: object): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: named(name),
  spec: { selector: { matchLabels: labels }, template: pod(spec) },
});

/** Objects that this platform once deployed and Terraform's provider could not, and others that no cluster takes. */
const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    fault: "a value that is the field's zero",
    expected: "stored otherwise than sent: globalDefault",
    object: {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "sample" },
      value: 1,
      globalDefault: false,
    },
  },
  {
    fault: "an empty list",
    expected: "stored otherwise than sent: spec.ingress",
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: named("sample"),
      spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [] },
    },
  },
  {
    fault: "an amount spelled otherwise",
    expected: "stored otherwise than sent: spec.template.spec.volumes.0.emptyDir.sizeLimit",
    object: deployment("amount", { volumes: [{ name: "scratch", emptyDir: { sizeLimit: "1024Mi" } }] }),
  },
  {
    fault: "labels that a controller adds to",
    expected: "stored otherwise than sent: spec.template.metadata.labels.job-name",
    object: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: named("sample"),
      spec: { template: pod({ restartPolicy: "Never" }) },
    },
  },
  {
    fault: "a field that is misspelt",
    expected: "refused",
    object: deployment("misspelt", { restartPolicies: "Always" }),
  },
  {
    fault: "a field of an operator's resource that is misspelt",
    expected: "refused",
    object: {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: named("sample"),
      spec: { secretName: "sample", issuerRef: { name: "sample" }, dnsName: "sample.invalid" },
    },
  },
  {
    fault: "a port that is out of range",
    expected: "refused",
    object: { apiVersion: "v1", kind: "Service", metadata: named("sample"), spec: { ports: [{ port: 70_000 }] } },
  },
];

export interface FaultFound {
  readonly fault: string;
  readonly said: readonly string[];
  readonly found: boolean;
}

/** A judge that cannot find a fault proves nothing: each of these must be found. */
export async function findKnownFaults(client: ApiClient): Promise<FaultFound[]> {
  await client.apply(namespaceOf(NAMESPACE));
  const results: FaultFound[] = [];
  for (const { fault, expected, object } of KNOWN_FAULTS) {
    const said = await judgeObject(client, { object, computedFields: [] });
    results.push({ fault, said, found: said.some((line) => line.includes(expected)) });
  }
  return results;
}
