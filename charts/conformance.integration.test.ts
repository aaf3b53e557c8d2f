import { requires } from "@hft/testing";
import type { KubernetesObject } from "./kubernetes/manifest";
import { synthesizeManifests } from "./platform";
import { EVERY_SITE } from "./testing/every-site";
import { KUBERNETES_SCHEMAS_INSTALLED, kubeconform } from "./testing/kubeconform";

requires(KUBERNETES_SCHEMAS_INSTALLED ? "kubeconform" : "kubeconform with schemas")("kubeconform, strict", () => {
  it("finds every object of every environment valid", () => {
    const sites = Object.fromEntries(
      EVERY_SITE.map(([name, environment, region]) => [name, synthesizeManifests(environment, region)]),
    );
    const valid = Object.values(sites).flat().length;
    expect(kubeconform(sites)).toEqual({ summary: { valid, invalid: 0, errors: 0, skipped: 0 }, faults: [] });
  });

  it.each([
    ["a misspelt field", { apiVersion: "v1", kind: "Service", spec: { selecter: {} } }],
    [
      "an unknown field of an operator's resource",
      { apiVersion: "cert-manager.io/v1", kind: "Certificate", spec: { dnsName: "x" } },
    ],
    [
      "a target group without a name",
      {
        apiVersion: "elbv2.k8s.aws/v1beta1",
        kind: "TargetGroupBinding",
        spec: { serviceRef: { name: "x", port: 1 } },
      },
    ],
    ["a kind that no schema describes", { apiVersion: "example.com/v1", kind: "Unheard" }],
  ])("refuses %s", (_, object) => {
    const broken = { ...object, metadata: { name: "broken", namespace: "front" } } as KubernetesObject;
    const { summary, faults } = kubeconform({ here: [broken] });
    expect({ ...summary, faults: faults.length }).toMatchObject({ valid: 0, faults: 1 });
  });
});
