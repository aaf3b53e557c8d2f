import type { Construct } from "constructs";
import type { IDaemonSet } from "kubernetes-models/apps/v1";
import type { IContainer, IService } from "kubernetes-models/v1";
import { TOOL_IMAGES } from "../images";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { tcp } from "../kubernetes/connections";
import { exemptionAnnotations } from "../kubernetes/exemptions";
import { declare } from "../kubernetes/manifest";
import { hardenedContainer, hardenedPod, httpProbe, scratch } from "../kubernetes/pod";
import { plain } from "../kubernetes/protection";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";
import { fluentBitFiles } from "./fluent-bit-configuration";
import { logGroupsOf } from "./log-groups";

const METRICS_PORT = 2020;
const CONFIGURATION_FOLDER = "/etc/fluent-bit";
const STATE_FOLDER = "/var/fluent-bit/state";
/** Fluent Bit 1.9.10 (in the image) and 4.2 alike: src/http_server opens its port without TLS. */
const METRICS_ARE_PLAIN = plain("Fluent Bit's HTTP server knows no TLS; it tells numbers of lines, and no line");
/** Files of container logs belong to root, and nothing else on the node may be read by it. */
const ROOT = 0;

/** Fluent Bit on every node: container logs to CloudWatch, without secrets, by how long they must be kept. */
export class LogShipper extends Workload {
  constructor(scope: Construct, site: Site) {
    const logGroups = logGroupsOf(site.environment, site.names);
    super(scope, "log-shipper", site, {
      namespace: "node-agents",
      component: "logging",
      aws: [{ kind: "write-logs", logGroups: logGroups.map(({ name }) => name) }],
    });
    const files = declareFiles(
      this,
      this.metadata(),
      fluentBitFiles({
        region: site.region.name,
        httpPort: METRICS_PORT,
        folder: CONFIGURATION_FOLDER,
        stateFolder: STATE_FOLDER,
        logGroups,
      }),
    );
    this.deploy(files);
    this.expose();
    this.monitor([
      { name: "http", port: tcp(METRICS_PORT), path: "/api/v1/metrics/prometheus", protection: METRICS_ARE_PLAIN },
    ]);
  }

  private deploy(files: string): void {
    const { nodeSelector: _, ...pod } = hardenedPod({
      serviceAccount: this.name,
      priorityClass: "hft-operations",
      pool: "every",
      terminationGraceSeconds: 40,
      containers: [this.container()],
      volumes: [
        { name: "configuration", configMap: { name: this.name } },
        { name: "logs", hostPath: { path: "/var/log", type: "Directory" } },
        { name: "state", hostPath: { path: STATE_FOLDER, type: "DirectoryOrCreate" } },
        scratch("tmp", 64),
      ],
    });
    declare<IDaemonSet>(this, {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: {
        ...this.metadata(),
        annotations: exemptionAnnotations({
          "container-security-context-user-group-id":
            "files of container logs belong to root, and are mounted read-only",
        }),
      },
      spec: {
        selector: { matchLabels: { ...this.labels } },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: { labels: { ...this.allLabels }, annotations: { [CONTENT_ANNOTATION]: files } },
          spec: {
            ...pod,
            // Every node writes logs, whatever it is kept free for.
            tolerations: [{ operator: "Exists" }],
            securityContext: { runAsUser: ROOT, runAsGroup: ROOT, seccompProfile: { type: "RuntimeDefault" } },
          },
        },
      },
    });
  }

  private container(): IContainer {
    const health = { path: "/", port: "http", timeoutSeconds: 3, failures: 3 };
    const container = hardenedContainer({
      name: "fluent-bit",
      image: TOOL_IMAGES.fluentBit,
      command: ["/fluent-bit/bin/fluent-bit", "--config", `${CONFIGURATION_FOLDER}/fluent-bit.conf`],
      ports: [{ name: "http", containerPort: METRICS_PORT, protocol: "TCP" }],
      requests: { cpuMillicores: 50, memoryMiB: 64, ephemeralMiB: 64 },
      limits: { cpuMillicores: 500, memoryMiB: 256, ephemeralMiB: 128 },
      mounts: [
        { name: "configuration", mountPath: CONFIGURATION_FOLDER, readOnly: true },
        { name: "logs", mountPath: "/var/log", readOnly: true },
        { name: "state", mountPath: STATE_FOLDER },
        { name: "tmp", mountPath: "/tmp" },
      ],
      startup: httpProbe({ ...health, periodSeconds: 2, failures: 30 }),
      liveness: httpProbe({ ...health, periodSeconds: 30 }),
      readiness: httpProbe({ ...health, path: "/api/v1/health", periodSeconds: 10 }),
    });
    return {
      ...container,
      securityContext: { ...container.securityContext, runAsUser: ROOT, runAsGroup: ROOT, runAsNonRoot: false },
    };
  }

  private expose(): void {
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata: this.scrapedMetadata(),
      spec: {
        clusterIP: "None",
        selector: { ...this.labels },
        ports: [{ name: "http", port: METRICS_PORT, targetPort: "http", protocol: "TCP" }],
      },
    });
  }
}
