import type { Construct } from "constructs";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IContainer, IService } from "kubernetes-models/v1";
import type { Environment } from "../../environments";
import { releasedImage } from "../images";
import { declareAutoscaler } from "../kubernetes/autoscaler";
import { declareDisruptionBudget } from "../kubernetes/disruption-budget";
import { exemptionAnnotations } from "../kubernetes/exemptions";
import { declare } from "../kubernetes/manifest";
import { hardenedContainer, hardenedPod, httpProbe, scratch } from "../kubernetes/pod";
import { SERVING_PODS, STABLE_TRACK, TRACK } from "../kubernetes/tracks";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";

export const FRONTEND_PORT = 3000;

type Sizes = NonNullable<Environment["frontend"]> & NonNullable<Environment["frontendPod"]>;

/**
 * The Next.js pages, of an image that is yours: it listens on 3000, answers `/api/health` and `/api/metrics`, runs under any user
 * id and writes to `/tmp` and `/app/.next/cache` only. Only the gateway reaches them.
 */
export class Frontend extends Workload {
  /** Where the gateway finds it. */
  readonly address: string;

  /** Undefined where the environment has none: the gateway shows the engine's screen. */
  static of(scope: Construct, site: Site): Frontend | undefined {
    const { frontend, frontendPod, images } = site.environment;
    if (!frontend || !frontendPod || !images.frontend) return undefined;
    return new Frontend(scope, site, images.frontend, { ...frontend, ...frontendPod });
  }

  private constructor(
    scope: Construct,
    site: Site,
    private readonly image: string,
    private readonly sizes: Sizes,
  ) {
    super(scope, "frontend", site, { namespace: "front", component: "frontend", metricsPort: FRONTEND_PORT });
    const { min, max } = sizes;
    this.address = `${this.name}.${this.namespace}.svc.cluster.local:${FRONTEND_PORT}`;
    this.deploy();
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata: this.scrapedMetadata(),
      spec: {
        // Each pod's address: the gateway chooses a pod itself, and leaves alone the one that failed.
        clusterIP: "None",
        selector: { ...this.labels, ...SERVING_PODS },
        ports: [{ name: "http", port: FRONTEND_PORT, targetPort: "http", protocol: "TCP" }],
      },
    });
    this.monitor([{ port: "http", path: "/api/metrics" }]);
    declareAutoscaler(this, {
      metadata: this.metadata(),
      target: { apiVersion: "apps/v1", kind: "Deployment" },
      minReplicas: min,
      maxReplicas: max,
    });
    declareDisruptionBudget(this, this.metadata(), this.labels);
  }

  private deploy(): void {
    declare<IDeployment>(this, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        ...this.metadata(),
        annotations: exemptionAnnotations({
          "pod-probes-identical":
            "the image has one health path; a pod leaves the Service after 30 s and is restarted after 90 s",
        }),
      },
      spec: {
        selector: { matchLabels: { ...this.labels, [TRACK]: STABLE_TRACK[TRACK] } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } },
        minReadySeconds: 10,
        revisionHistoryLimit: 5,
        template: {
          metadata: { labels: { ...this.allLabels, ...STABLE_TRACK } },
          spec: hardenedPod({
            serviceAccount: this.name,
            priorityClass: "hft-front",
            pool: "general",
            terminationGraceSeconds: 45,
            spread: this.labels,
            containers: [this.container()],
            volumes: [scratch("tmp", 256), scratch("next-cache", 512)],
          }),
        },
      },
    });
  }

  private container(): IContainer {
    const health = { path: "/api/health", port: "http", timeoutSeconds: 5, failures: 3 };
    return hardenedContainer({
      name: "frontend",
      image: releasedImage(this.site, this.image),
      env: [
        { name: "NODE_ENV", value: "production" },
        { name: "PORT", value: String(FRONTEND_PORT) },
        { name: "HOSTNAME", value: "0.0.0.0" },
        { name: "NEXT_TELEMETRY_DISABLED", value: "1" },
      ],
      ports: [{ name: "http", containerPort: FRONTEND_PORT, protocol: "TCP" }],
      requests: this.sizes.requests,
      limits: this.sizes.limits,
      mounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "next-cache", mountPath: "/app/.next/cache" },
      ],
      startup: httpProbe({ ...health, periodSeconds: 10, failures: 30 }),
      liveness: httpProbe({ ...health, delaySeconds: 60, periodSeconds: 30, timeoutSeconds: 10 }),
      readiness: httpProbe({ ...health, delaySeconds: 10, periodSeconds: 10 }),
      preStopSleepSeconds: 10,
    });
  }
}
