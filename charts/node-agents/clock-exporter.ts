import type { Construct } from "constructs";
import type { IDaemonSet } from "kubernetes-models/apps/v1";
import type { IService } from "kubernetes-models/v1";
import { LANE_TOLERATION, LOW_LATENCY_POOL } from "../../vocabulary";
import { certificateVolume } from "../certificates/identity-volume";
import { declarePodCertificate } from "../certificates/pod-certificate";
import { WEB_FILE, webConfiguration } from "../certificates/web-configuration";
import { TOOL_IMAGES } from "../images";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { tcp } from "../kubernetes/connections";
import { declare } from "../kubernetes/manifest";
import { hardenedContainer, hardenedPod, httpProbe } from "../kubernetes/pod";
import { internalTls, type ShownCertificate } from "../kubernetes/protection";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";

const METRICS_PORT = 9123;
const CONFIGURATION_FOLDER = "/etc/chrony-exporter";
const IDENTITY_FOLDER = "/etc/chrony-exporter-identity";
/** Where the node's own chrony takes questions; only from the node itself. */
const CHRONY_ADDRESS = "127.0.0.1:323";

/**
 * How far the clocks of the engines' nodes are off, as their own chrony knows it. Timestamps of orders must be within
 * 100 µs of UTC (MiFID II, RTS 25). It shares the node's network, because chrony answers nobody else.
 */
export class ClockExporter extends Workload {
  constructor(scope: Construct, site: Site) {
    super(scope, "clock-exporter", site, {
      namespace: "node-agents",
      component: "clock",
    });
    const shown = declarePodCertificate(this);
    const files = declareFiles(this, this.metadata(), { [WEB_FILE]: webConfiguration(IDENTITY_FOLDER) });
    this.deploy(files, shown);
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata: this.scrapedMetadata(),
      spec: {
        clusterIP: "None",
        selector: { ...this.labels },
        ports: [{ name: "https", port: METRICS_PORT, targetPort: "https", protocol: "TCP" }],
      },
    });
    this.monitor([{ name: "https", port: tcp(METRICS_PORT), protection: internalTls(shown) }]);
  }

  private deploy(files: string, shown: ShownCertificate): void {
    const health = { path: "/", port: "https", scheme: "HTTPS", timeoutSeconds: 3, failures: 3 } as const;
    declare<IDaemonSet>(this, {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: this.metadata(),
      spec: {
        selector: { matchLabels: { ...this.labels } },
        template: {
          metadata: { labels: { ...this.allLabels }, annotations: { [CONTENT_ANNOTATION]: files } },
          spec: {
            ...hardenedPod({
              serviceAccount: this.name,
              priorityClass: "hft-operations",
              pool: LOW_LATENCY_POOL,
              terminationGraceSeconds: 10,
              containers: [
                hardenedContainer({
                  name: "chrony-exporter",
                  image: TOOL_IMAGES.chronyExporter,
                  args: [
                    `--chrony.address=${CHRONY_ADDRESS}`,
                    `--web.listen-address=:${METRICS_PORT}`,
                    `--web.config.file=${CONFIGURATION_FOLDER}/${WEB_FILE}`,
                  ],
                  ports: [{ name: "https", containerPort: METRICS_PORT, hostPort: METRICS_PORT, protocol: "TCP" }],
                  requests: { cpuMillicores: 10, memoryMiB: 16, ephemeralMiB: 16 },
                  limits: { cpuMillicores: 50, memoryMiB: 32, ephemeralMiB: 32 },
                  startup: httpProbe({ ...health, periodSeconds: 2, failures: 15 }),
                  liveness: httpProbe({ ...health, periodSeconds: 30 }),
                  readiness: httpProbe({ ...health, path: "/metrics", periodSeconds: 15 }),
                  mounts: [
                    { name: "configuration", mountPath: CONFIGURATION_FOLDER, readOnly: true },
                    { name: "identity", mountPath: IDENTITY_FOLDER, readOnly: true },
                  ],
                }),
              ],
              volumes: [
                { name: "configuration", configMap: { name: this.name } },
                certificateVolume("identity", shown),
              ],
            }),
            hostNetwork: true,
            dnsPolicy: "ClusterFirstWithHostNet",
            tolerations: [LANE_TOLERATION],
          },
        },
      },
    });
  }
}
