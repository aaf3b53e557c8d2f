import type { KubernetesObject } from "../../../charts";
import { aSynthesizedEnvironment } from "../a-synthesized-environment";
import { podsFit } from "./pods-fit";

interface Pods {
  readonly cpu?: string;
  readonly memory?: string;
  readonly replicas?: number;
  readonly pool?: string;
}

function aWorkload({ cpu = "1", memory = "1Gi", replicas = 1, pool = "general" }: Pods): KubernetesObject {
  const containers = [{ resources: { requests: { cpu, memory } } }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "frontend", namespace: "front" },
    spec: { replicas, template: { spec: { nodeSelector: { "hft.platform/pool": pool }, containers } } },
  };
}

const anAutoscaler = (maxReplicas: number): KubernetesObject => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "frontend", namespace: "front" },
  spec: { scaleTargetRef: { kind: "Deployment", name: "frontend" }, maxReplicas },
});

/** Two nodes of m7i.large: 2 CPUs and 8 GiB each, of which pods get 1530 millicores and 5816 MiB. */
const onTwoNodes = (...objects: KubernetesObject[]) =>
  podsFit(
    aSynthesizedEnvironment("development", {
      stacks: {
        "development-eu-west-1-cluster": {
          aws_eks_node_group: {
            general: {
              instance_types: ["m7i.large"],
              labels: { "hft.platform/pool": "general" },
              scaling_config: { max_size: 2 },
            },
          },
        },
      },
      objects,
    }),
  );

describe("podsFit", () => {
  it("is content with pods that fit", () => {
    expect(onTwoNodes(aWorkload({ replicas: 2 }))).toEqual([]);
  });

  it("refuses a pod that asks more CPU than a node has", () => {
    expect(onTwoNodes(aWorkload({ cpu: "1600m" }))).toEqual([
      "HFT-SYN-006 development/eu-west-1/Deployment/front/frontend: a pod requests 1600 millicores, a node of general (m7i.large) has 1530 for pods; request less, or choose a larger instance type",
    ]);
  });

  it("refuses a pod that asks more memory than a node has", () => {
    expect(onTwoNodes(aWorkload({ memory: "6Gi" }))).toEqual([
      expect.stringContaining("a pod requests 6144 MiB, a node of general (m7i.large) has 5816 for pods"),
    ]);
  });

  it("refuses pods that fit at rest but not when they are scaled out", () => {
    expect(onTwoNodes(aWorkload({ replicas: 2 }), anAutoscaler(4))).toEqual([
      "HFT-SYN-007 development/eu-west-1/general: at full scale its pods request 4000 millicores, 2 nodes of m7i.large have 3060; set nodePools.general.maxNodes to 3 or more",
    ]);
  });

  it("refuses a pool that has no nodes", () => {
    expect(onTwoNodes(aWorkload({ pool: "generall" }))).toEqual([
      'HFT-SYN-006 development/eu-west-1/Deployment/front/frontend: selects the pool "generall", which has no nodes; choose one of general',
    ]);
  });
});
