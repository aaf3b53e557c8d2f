import type { IProbe } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import type { Construct } from "constructs";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IService } from "kubernetes-models/v1";
import { certificateVolume } from "../certificates/identity-volume";
import { declarePodCertificate } from "../certificates/pod-certificate";
import { WEB_FILE, webConfiguration } from "../certificates/web-configuration";
import { TOOL_IMAGES } from "../images";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { tcp } from "../kubernetes/connections";
import { declareDisruptionBudget } from "../kubernetes/disruption-budget";
import { declare } from "../kubernetes/manifest";
import { INTERNET, PROMETHEUS } from "../kubernetes/peers";
import { hardenedContainer, hardenedPod, httpProbe } from "../kubernetes/pod";
import { type InternalTls, internalTls, outsideTls, type ShownCertificate } from "../kubernetes/protection";
import { scrapeTls } from "../kubernetes/service-monitor";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";
import { PUBLIC_PROBE } from "./metrics";

const PROBE_PORT = 9115;
/** Module of the configuration that probes a page over HTTPS. */
const PAGE = "page";
const CONFIGURATION_FOLDER = "/etc/blackbox";
const IDENTITY_FOLDER = "/etc/blackbox-identity";
const PUBLIC_TLS = outsideTls(
  "Cloudflare shows a public authority's certificate; a probe without TLS counts as failed",
);

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
    });
    const shown = declarePodCertificate(this);
    const protection = internalTls(shown);
    this.connectTo(INTERNET, tcp(443), "public endpoints, as users reach them", PUBLIC_TLS);
    this.allowFrom(PROMETHEUS, tcp(PROBE_PORT), "metrics", protection);
    const files = declareFiles(this, this.metadata(), {
      "blackbox.yaml": blackboxConfiguration(),
      [WEB_FILE]: webConfiguration(IDENTITY_FOLDER),
    });
    this.deploy(files, shown);
    this.expose();
    declareDisruptionBudget(this, this.metadata(), this.labels);
    this.probe(protection, [
      `https://${site.environment.edge.hostname}/health`,
      `https://${site.environment.edge.hostname}/`,
    ]);
  }

  private deploy(files: string, shown: ShownCertificate): void {
    const health = { path: "/-/healthy", port: "https", scheme: "HTTPS", timeoutSeconds: 3, failures: 3 } as const;
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
                args: [
                  `--config.file=${CONFIGURATION_FOLDER}/blackbox.yaml`,
                  `--web.config.file=${CONFIGURATION_FOLDER}/${WEB_FILE}`,
                ],
                ports: [{ name: "https", containerPort: PROBE_PORT, protocol: "TCP" }],
                requests: { cpuMillicores: 10, memoryMiB: 32, ephemeralMiB: 16 },
                limits: { cpuMillicores: 100, memoryMiB: 64, ephemeralMiB: 32 },
                mounts: [
                  { name: "configuration", mountPath: CONFIGURATION_FOLDER, readOnly: true },
                  { name: "identity", mountPath: IDENTITY_FOLDER, readOnly: true },
                ],
                startup: httpProbe({ ...health, periodSeconds: 2, failures: 15 }),
                liveness: httpProbe({ ...health, periodSeconds: 30 }),
                readiness: httpProbe({ ...health, path: "/metrics", periodSeconds: 10 }),
              }),
            ],
            volumes: [{ name: "configuration", configMap: { name: this.name } }, certificateVolume("identity", shown)],
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
        ports: [{ name: "https", port: PROBE_PORT, targetPort: "https", protocol: "TCP" }],
      },
    });
  }

  private probe(protection: InternalTls, addresses: readonly string[]): void {
    const { scheme, tlsConfig } = scrapeTls(protection);
    declare<IProbe>(this, {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Probe",
      metadata: this.metadata("public-endpoints"),
      spec: {
        jobName: PUBLIC_PROBE,
        interval: "30s",
        scrapeTimeout: "15s",
        module: PAGE,
        prober: { url: `${protection.shown.name}:${PROBE_PORT}`, scheme },
        tlsConfig,
        targets: { staticConfig: { static: [...addresses] } },
      },
    });
  }
}
