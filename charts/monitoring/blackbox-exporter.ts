import type { IProbe } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import type { Construct } from "constructs";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IService } from "kubernetes-models/v1";
import { TOOL_IMAGES } from "../images";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { tcp } from "../kubernetes/connections";
import { declareDisruptionBudget } from "../kubernetes/disruption-budget";
import { declare } from "../kubernetes/manifest";
import { INTERNET } from "../kubernetes/peers";
import { hardenedContainer, hardenedPod, httpProbe } from "../kubernetes/pod";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";
import { PUBLIC_PROBE } from "./metrics";

const PROBE_PORT = 9115;
/** Module of the configuration that probes a page over HTTPS. */
const PAGE = "page";
const CONFIGURATION_FOLDER = "/etc/blackbox";

/** What counts as an answer. JSON is YAML too. */
export function blackboxConfiguration(): string {
  const page = {
    prober: "http",
    timeout: "10s",
    http: { method: "GET", valid_status_codes: [200], fail_if_not_ssl: true, preferred_ip_protocol: "ip4" },
  };
  return `${JSON.stringify({ modules: { [PAGE]: page } }, null, 2)}\n`;
}

/** Asks the platform from outside, the way users do: through DNS, Cloudflare and the load balancer. */
export class BlackboxExporter extends Workload {
  constructor(scope: Construct, site: Site) {
    super(scope, "blackbox-exporter", site, {
      namespace: "observability",
      component: "probe",
      metricsPort: PROBE_PORT,
    });
    this.connectTo(INTERNET, tcp(443), "public endpoints, as users reach them");
    const files = declareFiles(this, this.metadata(), { "blackbox.yaml": blackboxConfiguration() });
    this.deploy(files);
    this.expose();
    declareDisruptionBudget(this, this.metadata(), this.labels);
    this.probe([`https://${site.environment.edge.hostname}/health`, `https://${site.environment.edge.hostname}/`]);
  }

  private deploy(files: string): void {
    const health = { path: "/-/healthy", port: "http", timeoutSeconds: 3, failures: 3 };
    declare<IDeployment>(this, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: this.metadata(),
      spec: {
        replicas: 2,
        selector: { matchLabels: { ...this.labels } },
        template: {
          metadata: { labels: { ...this.allLabels }, annotations: { [CONTENT_ANNOTATION]: files } },
          spec: hardenedPod({
            serviceAccount: this.name,
            priorityClass: "hft-operations",
            pool: "general",
            terminationGraceSeconds: 30,
            spread: this.labels,
            containers: [
              hardenedContainer({
                name: "blackbox-exporter",
                image: TOOL_IMAGES.blackboxExporter,
                args: [`--config.file=${CONFIGURATION_FOLDER}/blackbox.yaml`],
                ports: [{ name: "http", containerPort: PROBE_PORT, protocol: "TCP" }],
                requests: { cpuMillicores: 10, memoryMiB: 32, ephemeralMiB: 16 },
                limits: { cpuMillicores: 100, memoryMiB: 64, ephemeralMiB: 32 },
                mounts: [{ name: "configuration", mountPath: CONFIGURATION_FOLDER, readOnly: true }],
                startup: httpProbe({ ...health, periodSeconds: 2, failures: 15 }),
                liveness: httpProbe({ ...health, periodSeconds: 30 }),
                readiness: httpProbe({ ...health, path: "/metrics", periodSeconds: 10 }),
              }),
            ],
            volumes: [{ name: "configuration", configMap: { name: this.name } }],
          }),
        },
      },
    });
  }

  private expose(): void {
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata: this.metadata(),
      spec: {
        type: "ClusterIP",
        selector: { ...this.labels },
        ports: [{ name: "http", port: PROBE_PORT, targetPort: "http", protocol: "TCP" }],
      },
    });
  }

  private probe(addresses: readonly string[]): void {
    declare<IProbe>(this, {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Probe",
      metadata: this.metadata("public-endpoints"),
      spec: {
        jobName: PUBLIC_PROBE,
        interval: "30s",
        scrapeTimeout: "15s",
        module: PAGE,
        prober: { url: `${this.name}.${this.namespace}.svc.cluster.local:${PROBE_PORT}` },
        targets: { staticConfig: { static: [...addresses] } },
      },
    });
  }
}
