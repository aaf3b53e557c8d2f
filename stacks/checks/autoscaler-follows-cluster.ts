import { AUTOSCALER_RELEASES } from "../operators/cluster-autoscaler";
import { type Check, resourcesOf } from "./check";
import { finding } from "./codes";

/**
 * The tag of the image in the chart's values, which are Terraform's `jsonencode({"image" = {"tag" = "v1.35.2"}, …})`.
 */
const IMAGE_TAG = /"image"\s*[=:]\s*\{[^}]*"tag"\s*[=:]\s*"([^"]*)"/;

/**
 * The cluster autoscaler simulates the scheduler of one version of Kubernetes: it has to be a release for the
 * cluster's.
 */
export const autoscalerFollowsCluster: Check = ({ environment, stacks }) => {
  const { version } = environment.kubernetes;
  const release = AUTOSCALER_RELEASES[version];
  return stacks
    .flatMap(resourcesOf)
    .filter(({ type, body }) => type === "helm_release" && body.chart === "cluster-autoscaler")
    .flatMap(({ path, body }) => {
      const tag = IMAGE_TAG.exec(JSON.stringify(body.values).replaceAll('\\"', '"'))?.[1];
      if (tag?.startsWith(`v${version}.`)) return [];
      const remedy = release
        ? `write ${release}`
        : "add the one for it to AUTOSCALER_RELEASES in stacks/operators/cluster-autoscaler.ts";
      return [
        finding(
          "HFT-SYN-012",
          path,
          `image.tag ${tag ?? "nothing"} is not a release for Kubernetes ${version}`,
          remedy,
        ),
      ];
    });
};
