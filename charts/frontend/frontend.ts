import type { Construct } from "constructs";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IContainer, IService } from "kubernetes-models/v1";
import type { Environment } from "../../environments";
import { certificateVolume } from "../certificates/identity-volume";
import { declarePodCertificate, serviceName } from "../certificates/pod-certificate";
import { releasedImage } from "../images";
import { declareAutoscaler } from "../kubernetes/autoscaler";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { tcp } from "../kubernetes/connections";
import { declareDisruptionBudget } from "../kubernetes/disruption-budget";
import { exemptionAnnotations } from "../kubernetes/exemptions";
import { declare } from "../kubernetes/manifest";
import { hardenedContainer, hardenedPod, httpProbe, scratch } from "../kubernetes/pod";
import { type InternalTls, internalTls, type ShownCertificate } from "../kubernetes/protection";
import { SERVING_PODS, STABLE_TRACK, TRACK } from "../kubernetes/tracks";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";
import { entranceConfiguration, LINGER_SECONDS } from "./entrance";

/** Where the gateway asks for pages. */
export const FRONTEND_PORT = 3443;
/** Where the image serves them, to its own pod only. */
const PAGES_PORT = 3000;

const ENTRANCE_FILE = "entrance.conf";
const CONFIGURATION_FOLDER = "/etc/entrance";
const IDENTITY_FOLDER = "/etc/entrance-identity";
const SCRATCH_FOLDER = "/var/run/entrance";

/** Until the gateway knows that the pod goes. */
const LEAVES_SECONDS = 10;
const TERMINATION_GRACE_SECONDS = 45;

type Sizes = NonNullable<Environment["frontend"]> & NonNullable<Environment["frontendPod"]>;

/**
 * The Next.js pages, of an image that is yours: it listens where `HOSTNAME` and `PORT` say, answers `/api/health` and
 * `/api/metrics`, runs under any user id and writes to `/tmp` and `/app/.next/cache` only. Only the gateway reaches
 * them, through the entrance in each pod, which ends TLS.
 */
export class Frontend extends Workload {
  /** Where the gateway finds it. */
  readonly address: string;
  /** How the gateway knows that it has. */
  readonly protection: InternalTls;

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
    super(scope, "frontend", site, { namespace: "front", component: "frontend" });
    const { min, max } = sizes;
    this.address = `${serviceName(this)}:${FRONTEND_PORT}`;
    const shown = declarePodCertificate(this);
    this.protection = internalTls(shown);
    const files = declareFiles(this, this.metadata(), {
      [ENTRANCE_FILE]: entranceConfiguration({
        port: FRONTEND_PORT,
        pagesPort: PAGES_PORT,
        identityFolder: IDENTITY_FOLDER,
        scratchFolder: SCRATCH_FOLDER,
      }),
    });
    this.deploy(files, shown);
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata: this.scrapedMetadata(),
      spec: {
        // Each pod's address: the gateway chooses a pod itself, and leaves alone the one that failed.
        clusterIP: "None",
        selector: { ...this.labels, ...SERVING_PODS },
        ports: [{ name: "https", port: FRONTEND_PORT, targetPort: "https", protocol: "TCP" }],
      },
    });
    this.monitor([{ name: "https", port: tcp(FRONTEND_PORT), path: "/api/metrics", protection: this.protection }]);
    declareAutoscaler(this, {
      metadata: this.metadata(),
      target: { apiVersion: "apps/v1", kind: "Deployment" },
      minReplicas: min,
      maxReplicas: max,
    });
    declareDisruptionBudget(this, this.metadata(), this.labels);
  }

  private deploy(files: string, shown: ShownCertificate): void {
    declare<IDeployment>(this, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        ...this.metadata(),
        annotations: exemptionAnnotations({
          "pod-probes-identical":
            "the image has a single health path: a pod leaves the Service after 30 s and is restarted after 90 s",
        }),
      },
      spec: {
        selector: { matchLabels: { ...this.labels, [TRACK]: STABLE_TRACK[TRACK] } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } },
        minReadySeconds: 10,
        revisionHistoryLimit: 5,
        template: {
          metadata: {
            labels: { ...this.allLabels, ...STABLE_TRACK },
            annotations: { [CONTENT_ANNOTATION]: files },
          },
          spec: hardenedPod({
            serviceAccount: this.name,
            priorityClass: "hft-front",
            pool: "general",
            terminationGraceSeconds: TERMINATION_GRACE_SECONDS,
            spread: this.labels,
            containers: [this.container(), this.entrance()],
            volumes: [
              scratch("tmp", 256),
              scratch("next-cache", 512),
              { name: "configuration", configMap: { name: this.name } },
              certificateVolume("identity", shown),
              scratch("entrance", 64),
            ],
          }),
        },
      },
    });
  }

  private container(): IContainer {
    // Through the entrance, as the gateway comes: nobody else can reach the pages.
    const health = {
      path: "/api/health",
      port: FRONTEND_PORT,
      scheme: "HTTPS",
      timeoutSeconds: 5,
      failures: 3,
    } as const;
    return hardenedContainer({
      name: "frontend",
      image: releasedImage(this.site, this.image),
      env: [
        { name: "NODE_ENV", value: "production" },
        { name: "PORT", value: String(PAGES_PORT) },
        { name: "HOSTNAME", value: "127.0.0.1" },
        { name: "NEXT_TELEMETRY_DISABLED", value: "1" },
      ],
      requests: this.sizes.requests,
      limits: this.sizes.limits,
      mounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "next-cache", mountPath: "/app/.next/cache" },
      ],
      startup: httpProbe({ ...health, periodSeconds: 10, failures: 30 }),
      liveness: httpProbe({ ...health, delaySeconds: 60, periodSeconds: 30, timeoutSeconds: 10 }),
      readiness: httpProbe({ ...health, delaySeconds: 10, periodSeconds: 10 }),
      // After the entrance has let in its last request.
      preStopSleepSeconds: LEAVES_SECONDS + LINGER_SECONDS + 2,
    });
  }

  /** The gateway's NGINX once more, in front of the pages. */
  private entrance(): IContainer {
    return hardenedContainer({
      name: "entrance",
      image: this.site.environment.images.gateway,
      command: ["nginx", "-c", `${CONFIGURATION_FOLDER}/${ENTRANCE_FILE}`, "-g", "daemon off;"],
      ports: [{ name: "https", containerPort: FRONTEND_PORT, protocol: "TCP" }],
      requests: { cpuMillicores: 50, memoryMiB: 32, ephemeralMiB: 64 },
      limits: { cpuMillicores: 500, memoryMiB: 64, ephemeralMiB: 128 },
      mounts: [
        { name: "configuration", mountPath: CONFIGURATION_FOLDER, readOnly: true },
        { name: "identity", mountPath: IDENTITY_FOLDER, readOnly: true },
        { name: "entrance", mountPath: SCRATCH_FOLDER },
      ],
      // Whether it listens; whether pages come through it, the other container is asked.
      liveness: { tcpSocket: { port: "https" }, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
      preStopSleepSeconds: LEAVES_SECONDS,
    });
  }
}
