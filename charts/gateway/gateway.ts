import type { Construct } from "constructs";
import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IContainer, IService } from "kubernetes-models/v1";
import { IDENTITY_FILES, identityVolume } from "../certificates/identity-volume";
import { declarePodCertificate } from "../certificates/pod-certificate";
import { WEB_FILE, webConfiguration } from "../certificates/web-configuration";
import { TOOL_IMAGES } from "../images";
import { declareAutoscaler } from "../kubernetes/autoscaler";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { type NetworkPeer, tcp } from "../kubernetes/connections";
import { declareDisruptionBudget } from "../kubernetes/disruption-budget";
import { declare } from "../kubernetes/manifest";
import { CLUSTER_NAME_SERVER } from "../kubernetes/peers";
import { hardenedContainer, hardenedPod, httpProbe, scratch } from "../kubernetes/pod";
import { type InternalTls, internalTls, outsideTls, type ShownCertificate } from "../kubernetes/protection";
import { SERVING_PODS, STABLE_TRACK, TRACK } from "../kubernetes/tracks";
import { Workload } from "../kubernetes/workload";
import type { Site } from "../site";
import { CLIENT_AUTHORITY_FILE, CLOUDFLARE_CLIENT_AUTHORITY } from "./cloudflare-client-authority";
import { CLOUDFLARE_RANGES } from "./cloudflare-ranges";
import { LOG_EXPORTER_FILE, logExporterConfiguration } from "./log-exporter";
import { nginxConfiguration } from "./nginx-configuration";
import { ORIGIN_CERTIFICATE } from "./origin-certificate";
import { startScript } from "./start-script";

export const GATEWAY_PORTS = {
  http: 8080,
  https: 8443,
  status: 8081,
  /** Where NGINX asks itself for tokens, see `client-tokens.ts`. */
  tokens: 8082,
  logs: 5531,
  /** Connection counts, of nginx-prometheus-exporter. */
  connectionMetrics: 9113,
  /** Requests by status and time: NGINX in front of the next one, which knows no TLS. */
  requestMetrics: 4040,
  /** prometheus-nginxlog-exporter, for the same pod only. */
  plainRequestMetrics: 4041,
} as const;

const ORIGIN_TLS = outsideTls(
  "the gateway presents its ACME certificate for the host name; Cloudflare presents the zone's client certificate",
);
const CONFIGURATION_DIRECTORY = "/etc/gateway";
const TLS_DIRECTORY = "/etc/gateway-tls";
const SCRATCH_DIRECTORY = "/var/run/gateway";
const INTERNAL_DIRECTORY = "/etc/gateway-internal";
const AUTHORITIES_FILE = `${SCRATCH_DIRECTORY}/authorities.pem`;
const START_FILE = "start.sh";
/** A Secret reaches a mounted volume within about a minute; nobody waits for a change of authority more closely. */
const AUTHORITIES_LOOKED_AT_SECONDS = 30;
/** Longer than the load balancer takes to stop sending new connections, and NGINX's worker_shutdown_timeout on top. */
const DRAIN_SECONDS = 20;
const TERMINATION_GRACE_SECONDS = DRAIN_SECONDS + 70;

/** What the gateway passes requests on to, each as `host:port`. */
export interface GatewayProps {
  /** The nearest first. */
  readonly engines: readonly string[];
  /** How each engine is known to be one. */
  readonly engineProtection: InternalTls;
  /** @default - the engine's own screen */
  readonly frontend?: { readonly address: string; readonly protection: InternalTls };
}

/**
 * NGINX between the load balancer and everything else: the only workload that the outside reaches. It ends TLS, limits
 * rates, knows which engine takes orders and serves static files when nobody else does.
 */
export class Gateway extends Workload {
  constructor(scope: Construct, site: Site, props: GatewayProps) {
    super(scope, "gateway", site, { namespace: "front", component: "gateway" });
    const origin: NetworkPeer = {
      kind: "network",
      name: "origin-load-balancer",
      cidrs: [site.region.cidr, ...CLOUDFLARE_RANGES],
    };
    this.allowFrom(origin, tcp(GATEWAY_PORTS.https), "requests of users through Cloudflare", ORIGIN_TLS);
    const shown = declarePodCertificate(this);
    const believed = ({ shown }: InternalTls) => ({ name: shown.name, authoritiesFile: AUTHORITIES_FILE });

    const files = declareFiles(this, this.metadata(), {
      "nginx.conf": nginxConfiguration({
        hostname: site.environment.edge.hostname,
        engines: props.engines,
        engineTls: believed(props.engineProtection),
        frontend: props.frontend?.address,
        frontendTls: props.frontend && believed(props.frontend.protection),
        nameServer: CLUSTER_NAME_SERVER,
        httpPort: GATEWAY_PORTS.http,
        httpsPort: GATEWAY_PORTS.https,
        statusPort: GATEWAY_PORTS.status,
        logPort: GATEWAY_PORTS.logs,
        tokenPort: GATEWAY_PORTS.tokens,
        requestMetrics: { port: GATEWAY_PORTS.requestMetrics, plainPort: GATEWAY_PORTS.plainRequestMetrics },
        trustedProxies: origin.cidrs,
        clientAuthorityFile: `${CONFIGURATION_DIRECTORY}/${CLIENT_AUTHORITY_FILE}`,
        tlsDirectory: TLS_DIRECTORY,
        internalDirectory: INTERNAL_DIRECTORY,
        scratchDirectory: SCRATCH_DIRECTORY,
        mimeTypes: "/etc/nginx/mime.types",
        workers: 2,
      }),
      [START_FILE]: startScript({
        configurationFile: `${CONFIGURATION_DIRECTORY}/nginx.conf`,
        authoritiesDirectory: `${INTERNAL_DIRECTORY}/${IDENTITY_FILES.authorities}`,
        authoritiesFile: AUTHORITIES_FILE,
        lookEverySeconds: AUTHORITIES_LOOKED_AT_SECONDS,
      }),
      [CLIENT_AUTHORITY_FILE]: CLOUDFLARE_CLIENT_AUTHORITY,
      [LOG_EXPORTER_FILE]: logExporterConfiguration(GATEWAY_PORTS.logs, GATEWAY_PORTS.plainRequestMetrics),
      [WEB_FILE]: webConfiguration(INTERNAL_DIRECTORY),
    });
    this.deploy(files, shown);
    this.expose();
    const protection = internalTls(shown);
    this.monitor([
      {
        name: "conn-metrics",
        port: tcp(GATEWAY_PORTS.connectionMetrics),
        purpose: "metrics of connections",
        protection,
      },
      { name: "req-metrics", port: tcp(GATEWAY_PORTS.requestMetrics), purpose: "metrics of requests", protection },
    ]);
    const { min, max } = site.environment.gateway;
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
      metadata: this.metadata(),
      spec: {
        selector: { matchLabels: { ...this.labels, [TRACK]: STABLE_TRACK[TRACK] } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
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
            containers: [this.nginx(), this.connectionExporter(), this.requestExporter()],
            volumes: [
              { name: "configuration", configMap: { name: this.name } },
              { name: "tls", secret: { secretName: ORIGIN_CERTIFICATE } },
              identityVolume("internal", shown.secret, this.site),
              scratch("scratch", 1024),
            ],
          }),
        },
      },
    });
  }

  private nginx(): IContainer {
    const health = { path: "/health", periodSeconds: 10, timeoutSeconds: 3, failures: 3 };
    return hardenedContainer({
      name: "nginx",
      image: this.site.environment.images.gateway,
      command: ["sh", `${CONFIGURATION_DIRECTORY}/${START_FILE}`],
      ports: [
        { name: "http", containerPort: GATEWAY_PORTS.http, protocol: "TCP" },
        { name: "https", containerPort: GATEWAY_PORTS.https, protocol: "TCP" },
        { name: "req-metrics", containerPort: GATEWAY_PORTS.requestMetrics, protocol: "TCP" },
      ],
      requests: { cpuMillicores: 500, memoryMiB: 256, ephemeralMiB: 512 },
      limits: { cpuMillicores: 2000, memoryMiB: 512, ephemeralMiB: 1024 },
      mounts: [
        { name: "configuration", mountPath: CONFIGURATION_DIRECTORY, readOnly: true },
        { name: "tls", mountPath: TLS_DIRECTORY, readOnly: true },
        { name: "internal", mountPath: INTERNAL_DIRECTORY, readOnly: true },
        { name: "scratch", mountPath: SCRATCH_DIRECTORY },
      ],
      startup: httpProbe({ ...health, port: GATEWAY_PORTS.http, periodSeconds: 2, failures: 30 }),
      liveness: httpProbe({ ...health, port: GATEWAY_PORTS.http }),
      // Through TLS: a certificate that cannot be read takes the pod out of the load balancer.
      readiness: httpProbe({ ...health, port: GATEWAY_PORTS.https, scheme: "HTTPS", periodSeconds: 5 }),
      preStopSleepSeconds: DRAIN_SECONDS,
    });
  }

  private connectionExporter(): IContainer {
    return hardenedContainer({
      name: "connection-exporter",
      image: TOOL_IMAGES.nginxExporter,
      args: [
        `--nginx.scrape-uri=http://127.0.0.1:${GATEWAY_PORTS.status}/stub_status`,
        `--web.listen-address=:${GATEWAY_PORTS.connectionMetrics}`,
        `--web.config.file=${CONFIGURATION_DIRECTORY}/${WEB_FILE}`,
      ],
      ports: [{ name: "conn-metrics", containerPort: GATEWAY_PORTS.connectionMetrics, protocol: "TCP" }],
      requests: { cpuMillicores: 10, memoryMiB: 32, ephemeralMiB: 16 },
      limits: { cpuMillicores: 100, memoryMiB: 64, ephemeralMiB: 32 },
      mounts: [
        { name: "configuration", mountPath: CONFIGURATION_DIRECTORY, readOnly: true },
        { name: "internal", mountPath: INTERNAL_DIRECTORY, readOnly: true },
      ],
    });
  }

  private requestExporter(): IContainer {
    return hardenedContainer({
      name: "request-exporter",
      image: TOOL_IMAGES.nginxLogExporter,
      args: ["-config-file", `${CONFIGURATION_DIRECTORY}/${LOG_EXPORTER_FILE}`],
      requests: { cpuMillicores: 20, memoryMiB: 64, ephemeralMiB: 16 },
      limits: { cpuMillicores: 200, memoryMiB: 128, ephemeralMiB: 32 },
      mounts: [{ name: "configuration", mountPath: CONFIGURATION_DIRECTORY, readOnly: true }],
    });
  }

  private expose(): void {
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata: this.scrapedMetadata(),
      spec: {
        type: "ClusterIP",
        selector: { ...this.labels, ...SERVING_PODS },
        ports: [
          { name: "https", port: 443, targetPort: "https", protocol: "TCP" },
          { name: "conn-metrics", port: GATEWAY_PORTS.connectionMetrics, targetPort: "conn-metrics", protocol: "TCP" },
          { name: "req-metrics", port: GATEWAY_PORTS.requestMetrics, targetPort: "req-metrics", protocol: "TCP" },
        ],
      },
    });
    declare(this, {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: this.metadata(),
      spec: {
        serviceRef: { name: this.name, port: 443 },
        // The load balancer is Terraform's; pods enter and leave its target group as they become ready.
        targetGroupName: this.site.names.of("origin", 32),
        targetType: "ip",
      },
    });
  }
}
