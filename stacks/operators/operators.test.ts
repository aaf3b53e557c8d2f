import { Names } from "../../vocabulary";
import { certManager } from "./cert-manager";
import { clusterAutoscaler } from "./cluster-autoscaler";
import { externalSecrets } from "./external-secrets";
import { loadBalancerController } from "./load-balancer-controller";
import { metricsServer } from "./metrics-server";
import { monitoring } from "./monitoring";
import type { Operator, OperatorSite } from "./operator";

const site: OperatorSite = {
  names: new Names("production", "eu-west-1"),
  accountId: "333333333333",
  clusterName: "hft",
  vpcId: "vpc-1",
  keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
  dnsZoneId: "Z1",
  peerRegion: "eu-central-1",
  monitoring: { prometheus: { replicas: 2, retentionDays: 30, storageGiB: 200 }, alertmanagers: 3, paging: true },
  kubernetesVersion: "1.35",
  autoscaledPools: [
    { nodeGroup: "hft-system", group: "eks-hft-system-1", minNodes: 2, maxNodes: 5 },
    { nodeGroup: "hft-general", group: "eks-hft-general-2", minNodes: 3, maxNodes: 9 },
  ],
};
type Values = Record<string, unknown>;
const operators: readonly Operator[] = [
  certManager(site),
  clusterAutoscaler(site),
  externalSecrets(site),
  loadBalancerController(site),
  metricsServer(),
  monitoring(site),
];
const named = (name: string) => operators.find((operator) => operator.name === name)!;
const valuesOf = ({ values }: Operator) => values as Values;

/**
 * Why replicas of a controller do not work on the same things, by the chart's version that says so. A chart of another
 * version is looked at again, and its line here changed.
 */
const ONE_OF_MANY: Readonly<Record<string, { readonly version: string; readonly values?: Values }>> = {
  // internal/apis/config/shared/v1alpha1/defaults.go of v1.19.6: `defaultLeaderElect` is true.
  "cert-manager": { version: "v1.19.6" },
  // cluster-autoscaler/config/flags of 1.35: `--leader-elect` is true.
  "cluster-autoscaler": { version: "9.59.0" },
  // deploy/charts/external-secrets/values.yaml of the tag helm-chart-0.20.4: `leaderElect: false`.
  "external-secrets": { version: "0.20.4", values: { leaderElect: true } },
  // pkg/config/runtime_config.go, commit 040d50e: `--enable-leader-election` is true.
  "aws-load-balancer-controller": { version: "1.14.1" },
  // "High availability" of metrics-server's README: each replica scrapes and answers for itself.
  "metrics-server": { version: "3.13.0" },
};

describe("operators", () => {
  it("work one at a time where there are several of a kind", () => {
    const many = operators.filter((operator) =>
      ["replicaCount", "replicas"].some((field) => Number(valuesOf(operator)[field] ?? 1) > 1),
    );
    expect(many.length).toBeGreaterThan(3);
    for (const operator of many) {
      const known = ONE_OF_MANY[operator.name];
      expect([operator.name, operator.version]).toEqual([operator.name, known?.version]);
      expect(valuesOf(operator)).toMatchObject(known?.values ?? {});
    }
  });

  // Source: kubernetes/autoscaler 1.35, cloudprovider/aws/README.md: groups named by `--nodes` beside those found by
  // `--node-group-auto-discovery`.
  it("scale the groups that they may scale, between the ends that the environment gives, and find no other", () => {
    const autoscaler = named("cluster-autoscaler");
    expect(valuesOf(autoscaler)).toMatchObject({
      autoscalingGroups: [
        { name: "eks-hft-system-1", minSize: 2, maxSize: 5 },
        { name: "eks-hft-general-2", minSize: 3, maxSize: 9 },
      ],
      extraArgs: { "enforce-node-group-min-size": true },
    });
    expect(valuesOf(autoscaler)).not.toHaveProperty("autoDiscovery");
    const scaling = autoscaler.statements!.find(({ Action }) => Action.includes("autoscaling:SetDesiredCapacity"))!;
    expect(scaling.Condition).toEqual({
      StringEquals: { "aws:ResourceTag/eks:nodegroup-name": ["hft-system", "hft-general"] },
    });
  });

  // Source: GHSA-gx3x-vq4p-mhhv, cert-manager: a forged DNS answer stops the controller; mended in 1.18.5 and 1.19.3.
  it("prove domains by a cert-manager that no forged answer of a name server stops", () => {
    const [, major, minor, patch] = /^v(\d+)\.(\d+)\.(\d+)$/.exec(named("cert-manager").version)!.map(Number);
    expect(major! * 1e6 + minor! * 1e3 + patch!).toBeGreaterThanOrEqual(1_019_003);
  });

  // Source: Prometheus 3, "Configuration", global.external_labels: added to every alert that is sent to Alertmanager.
  it("say of every alert, also of a chart's own, which environment and region it is of", () => {
    expect(valuesOf(named("kube-prometheus-stack"))).toMatchObject({
      prometheus: { prometheusSpec: { externalLabels: { environment: "production", region: "eu-west-1" } } },
    });
  });
});
