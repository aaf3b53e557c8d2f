import type { Environment } from "../environments";
import type { Site } from "./site";

/**
 * A released image in the account's registry. The registry's host follows the region, because ECR replicates: a standby
 * region pulls from its own registry and needs nothing of the lost one.
 * @param image repository and digest, `engine@sha256:…`
 */
export function releasedImage(site: Site, image: string): string {
  const [name, digest] = image.split("@") as [string, string];
  return `${releasedImageRepository(site.environment, site.region.name, name)}@${digest}`;
}

/** Address of a released image's repository, as a builder pushes to it and a pod pulls from it. */
export function releasedImageRepository(
  { accountId, name }: Pick<Environment, "accountId" | "name">,
  region: string,
  image: string,
): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com/${imageRepository(name, image)}`;
}

/** Name of the ECR repository of a released image: `hft-production/engine`. */
export function imageRepository(environmentName: string, image: string): string {
  return `hft-${environmentName}/${image}`;
}

/** Images of others, pinned by digest: a moved tag changes nothing here. */
export const TOOL_IMAGES = {
  /** v1.5.1 */
  nginxExporter:
    "docker.io/nginx/nginx-prometheus-exporter@sha256:9f6d963bb2b19d706d401cc3e2c3ea8de2f1c471b96a2156ca45e76f650b1625",
  /** v1.11.0 */
  nginxLogExporter:
    "quay.io/martinhelmich/prometheus-nginxlog-exporter@sha256:b36976cb58584529381a92404a7ba9868b03e1a321c9dc7228cc9ecd93a80440",
  /** v0.28.0 */
  blackboxExporter:
    "quay.io/prometheus/blackbox-exporter@sha256:e753ff9f3fc458d02cca5eddab5a77e1c175eee484a8925ac7d524f04366c2fc",
  /** v0.14.0 */
  chronyExporter:
    "quay.io/superq/chrony-exporter@sha256:74c7294e79dff4e6eaa48129a69a6da353a0d321f26bd315dcb682f6200c0fd1",
  /** 2.34.3 for linux/amd64 */
  fluentBit:
    "public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:d3d6dcd80f23eeb06bc0612285545204a62ffe6feff9dea8a637a8d7236d7c27",
  /** 16.13 on Alpine 3.23: its tools read every server of the environments. */
  postgresql: "docker.io/library/postgres@sha256:57c72fd2a128e416c7fcc499958864df5301e940bca0a56f58fddf30ffc07777",
  /** 2.31.30 */
  awsCli: "public.ecr.aws/aws-cli/aws-cli@sha256:6c9314d8dd18bcfd11c509e00ea39016c4fb978e42e86df1e4dfd17038b10b78",
} as const;
