import { aSynthesizedEnvironment } from "./a-synthesized-environment";
import { autoscalerFollowsCluster } from "./autoscaler-follows-cluster";

/** A release as cdktf writes it, in an environment of Kubernetes 1.35. */
const withImage = (image: string) =>
  aSynthesizedEnvironment("development", {
    stacks: {
      "development-eu-west-1-addons": {
        helm_release: {
          it: {
            "//": { metadata: { path: "here" } },
            chart: "cluster-autoscaler",
            values: [`\${jsonencode({"awsRegion" = "eu-west-1", ${image}"replicaCount" = 2})}`],
          },
        },
      },
    },
  });

describe("autoscalerFollowsCluster", () => {
  it("is content with a release for the cluster's version", () => {
    expect(autoscalerFollowsCluster(withImage('"image" = {"tag" = "v1.35.2"}, '))).toEqual([]);
  });

  it("refuses a release for another version", () => {
    expect(autoscalerFollowsCluster(withImage('"image" = {"tag" = "v1.34.5"}, '))).toEqual([
      "HFT-SYN-012 here: image.tag v1.34.5 is not a release for Kubernetes 1.35; write v1.35.2",
    ]);
  });

  it("refuses whatever version the chart happens to bring", () => {
    expect(autoscalerFollowsCluster(withImage(""))).toEqual([
      "HFT-SYN-012 here: image.tag nothing is not a release for Kubernetes 1.35; write v1.35.2",
    ]);
  });
});
