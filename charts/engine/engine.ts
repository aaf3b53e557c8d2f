import { CONFIGURATION_FILE_VARIABLE, ORDINAL_VARIABLE } from "@hft/engine/configuration";
import { memoryQuantity } from "@hft/toolkit";
import type { Construct } from "constructs";
import type { IStatefulSet } from "kubernetes-models/apps/v1";
import type { IContainer, IService } from "kubernetes-models/v1";
import { engineHost } from "../../vocabulary";
import { identityVolume } from "../certificates/identity-volume";
import { declarePodCertificate } from "../certificates/pod-certificate";
import { DATABASE_AUTHORITIES_FILE, databaseAuthorities } from "../database-authorities";
import { releasedImage } from "../images";
import { CONTENT_ANNOTATION, declareFiles } from "../kubernetes/configuration-files";
import { type NetworkPeer, tcp, udp } from "../kubernetes/connections";
import { declareDisruptionBudget } from "../kubernetes/disruption-budget";
import { exemptionAnnotations } from "../kubernetes/exemptions";
import { declare } from "../kubernetes/manifest";
import { engineEntrance, TIME_SERVER } from "../kubernetes/peers";
import { hardenedContainer, hardenedPod, httpProbe, scratch } from "../kubernetes/pod";
import { type InternalTls, internalTls, plain, type ShownCertificate } from "../kubernetes/protection";
import { JOURNAL_STORAGE_CLASS } from "../kubernetes/storage-classes";
import { Workload } from "../kubernetes/workload";
import { managedServices, SERVICE_TLS } from "../managed-services";
import { PLATFORM_ENDPOINTS } from "../platform-endpoints";
import { ENGINE_SECRET } from "../secrets/engine-secrets";
import type { Site } from "../site";
import { ENGINE_PATHS, engineConfiguration } from "./engine-configuration";
import { enginePodLane } from "./lane";
import { enginesOf } from "./replicas";

export const ENGINE_PORTS = {
  /** Not the gateway's, so that what reaches one of them on a node does not reach the other. */
  https: 7443,
  replication: 7400,
  /** Plain text, inside the pod only: where `kubectl exec` asks. */
  local: 8080,
} as const;
/** Amazon EC2 User Guide, "Amazon Time Sync Service": 169.254.169.123, reached from the instance alone. */
const TIME_IS_PLAIN = plain("NTP to Amazon's time server, link-local: it never leaves the machine");
/** Claim of each pod's disk: `journal-engine-0`. */
export const JOURNAL_CLAIM = "journal";

/** Replay of the longest journal since a snapshot, with room: the drill measures the real time. */
const REPLAY_SECONDS = 300;
/** Drain of open requests (10 s), then a snapshot. */
const TERMINATION_GRACE_SECONDS = 120;
const JOURNAL_GIB = 50;

/**
 * The matching engine, on a node of its own with whole cores and huge pages. In an environment of one region the active
 * one and its standby run side by side and roll one at a time, the standby first. With two regions each has one, and
 * the other region's is its standby.
 */
export class Engine extends Workload {
  readonly replicas: number;
  /** What every engine of the region shows. */
  private readonly shown: ShownCertificate;
  private readonly lane: ReturnType<typeof enginePodLane>;

  constructor(scope: Construct, site: Site) {
    super(scope, "engine", site, {
      namespace: "trading",
      component: "engine",
      aws: [{ kind: "brokers" }, { kind: "cache", user: "engine" }],
    });
    this.lane = enginePodLane(site);
    this.replicas = enginesOf(site.environment);
    this.shown = declarePodCertificate(this, this.alsoCalled);
    this.connect();
    const authorities = databaseAuthorities(site);
    const files = declareFiles(this, this.metadata(), {
      "engine.json": `${JSON.stringify(this.configuration(), null, 2)}\n`,
      ...(authorities && { [DATABASE_AUTHORITIES_FILE]: authorities }),
    });
    this.deploy(files);
    this.expose();
    this.monitor([{ name: "https", port: tcp(ENGINE_PORTS.https), protection: internalTls(this.shown) }]);
    declareDisruptionBudget(this, this.metadata(), this.labels);
  }

  /**
   * `host:port` of the API of every engine of this region. Each has an address of its own: only the active one takes
   * orders.
   */
  get addresses(): string[] {
    return this.ordinals.map(
      (ordinal) => `${this.name}-${ordinal}.${this.namespace}.svc.cluster.local:${ENGINE_PORTS.https}`,
    );
  }

  /** `host:port` of the API of the other region's engine, which is this one's standby or its active one. */
  get peerAddress(): string | undefined {
    return this.peer && `${engineHost(this.site.environment.edge.zone, this.peer.name)}:${ENGINE_PORTS.https}`;
  }

  /** Where that address leads to. */
  get peerEntrance(): NetworkPeer | undefined {
    return this.peer && engineEntrance(this.peer);
  }

  /** How whoever brings requests of users knows an engine, of either region. */
  get protection(): InternalTls {
    return internalTls(this.shown, "the user's token");
  }

  /** What somebody calls an engine of this region, beside the name of its Service. */
  private get alsoCalled(): string[] {
    const { environment, region } = this.site;
    const hosts = [...this.addresses, ...this.members].map((address) => address.slice(0, address.lastIndexOf(":")));
    return [...hosts, ...(this.peer ? [engineHost(environment.edge.zone, region.name)] : [])];
  }

  private get ordinals(): number[] {
    return Array.from({ length: this.replicas }, (_, ordinal) => ordinal);
  }

  private connect(): void {
    const { database, cache, brokers } = managedServices(this.site);
    this.connectTo(database, tcp(5432), "orders, executions and positions", SERVICE_TLS.database);
    this.connectTo(cache, tcp(6379), "shared rate limits and books", SERVICE_TLS.cache);
    this.connectTo(brokers, tcp(9098), "orders in, executions and market data out", SERVICE_TLS.brokers);
    this.connectTo(TIME_SERVER, udp(123), "clock offset", TIME_IS_PLAIN);
    this.replicate();
  }

  /** The way to the standby and from it: in the other region, or to the neighbour. */
  private replicate(): void {
    const { region } = this.site;
    const port = tcp(ENGINE_PORTS.replication);
    const mutual = internalTls(this.shown, "its own certificate, with the same name");
    if (this.peer) {
      this.connectTo(engineEntrance(this.peer), port, "journal replication between the regions", mutual);
      this.allowFrom(engineEntrance(region), port, "journal replication between the regions", mutual);
      const what = "orders from the other region's gateway, and health checks of the load balancer";
      this.allowFrom(engineEntrance(region), tcp(ENGINE_PORTS.https), what, this.protection);
    } else if (this.replicas > 1)
      this.connectTo(this, port, "journal replication from the active engine to the standby", mutual);
  }

  private get peer() {
    return this.site.region.peer;
  }

  private configuration() {
    return engineConfiguration(this.site, {
      replicas: this.replicas,
      localPort: ENGINE_PORTS.local,
      httpsPort: ENGINE_PORTS.https,
      replicationPort: ENGINE_PORTS.replication,
      partner: this.peer
        ? { peer: `${engineHost(this.site.environment.edge.zone, this.peer.name)}:${ENGINE_PORTS.replication}` }
        : { members: this.members },
      hugepages2Mi: this.lane.hugepages2Mi,
      threads: this.lane.threads,
    });
  }

  private get members(): string[] {
    return this.ordinals.map(
      (ordinal) =>
        `${this.name}-${ordinal}.${this.name}.${this.namespace}.svc.cluster.local:${ENGINE_PORTS.replication}`,
    );
  }

  private deploy(files: string): void {
    declare<IStatefulSet>(this, {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: this.metadata(),
      spec: {
        serviceName: this.name,
        replicas: this.replicas,
        podManagementPolicy: "OrderedReady",
        // Highest ordinal first: the standby takes the new version before the active one hands over to it.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
        minReadySeconds: 10,
        revisionHistoryLimit: 5,
        selector: { matchLabels: { ...this.labels } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        template: {
          metadata: {
            labels: { ...this.allLabels },
            annotations: { [CONTENT_ANNOTATION]: files, ...this.lane.annotations },
          },
          spec: this.pod(),
        },
        volumeClaimTemplates: [
          {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { name: JOURNAL_CLAIM },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: JOURNAL_STORAGE_CLASS,
              resources: { requests: { storage: memoryQuantity(JOURNAL_GIB * 1024) } },
            },
          },
        ],
      },
    });
  }

  private pod() {
    const pod = hardenedPod({
      serviceAccount: this.name,
      priorityClass: "hft-trading",
      pool: this.lane.pool,
      terminationGraceSeconds: TERMINATION_GRACE_SECONDS,
      containers: [this.container()],
      volumes: [
        { name: "configuration", configMap: { name: this.name } },
        // A standby region has no database of its own until it is promoted; its password appears then. Optional in both
        // regions: a pod that a failover changes would restart in the middle of it.
        { name: "secrets", secret: { secretName: ENGINE_SECRET, optional: this.peer !== undefined } },
        identityVolume("identity", this.shown.secret, this.site),
        scratch("tmp", 256),
        this.lane.hugepageVolume.volume,
      ],
    });
    const labelSelector = { matchLabels: { ...this.labels } };
    return {
      ...pod,
      tolerations: [...this.lane.tolerations],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "kubernetes.io/hostname" }],
        },
      },
    };
  }

  /** Requests equal limits in whole CPUs: QoS Guaranteed, so the kubelet gives it cores of its own. */
  private container(): IContainer {
    const { cpus, memoryMiB } = this.site.environment.engine;
    // Through TLS, as everybody else comes: the kubelet does not check the certificate, and an engine that shows none
    // is not well.
    const probe = { port: "https", scheme: "HTTPS", timeoutSeconds: 3 } as const;
    const container = hardenedContainer({
      name: "engine",
      image: releasedImage(this.site, this.site.environment.images.engine),
      env: [
        { name: CONFIGURATION_FILE_VARIABLE, value: ENGINE_PATHS.configuration },
        {
          name: ORDINAL_VARIABLE,
          valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
        },
        ...this.lane.env,
      ],
      envFrom: [{ configMapRef: { name: PLATFORM_ENDPOINTS.name } }],
      ports: [
        { name: "https", containerPort: ENGINE_PORTS.https, protocol: "TCP" },
        { name: "replication", containerPort: ENGINE_PORTS.replication, protocol: "TCP" },
      ],
      requests: { cpuMillicores: cpus * 1000, memoryMiB, ephemeralMiB: 1024 },
      mounts: [
        { name: "configuration", mountPath: "/etc/engine", readOnly: true },
        { name: "secrets", mountPath: ENGINE_PATHS.secrets, readOnly: true },
        { name: "identity", mountPath: ENGINE_PATHS.identity, readOnly: true },
        { name: JOURNAL_CLAIM, mountPath: ENGINE_PATHS.data },
        { name: "tmp", mountPath: ENGINE_PATHS.scratch },
        this.lane.hugepageVolume.mount,
      ],
      startup: httpProbe({ ...probe, path: "/live", periodSeconds: 5, failures: REPLAY_SECONDS / 5 }),
      liveness: httpProbe({ ...probe, path: "/live", periodSeconds: 10, failures: 6 }),
      readiness: httpProbe({ ...probe, path: "/ready", periodSeconds: 5, failures: 3 }),
      preStopSleepSeconds: 5,
    });
    const { requests, limits } = container.resources!;
    const { resources } = this.lane;
    return {
      ...container,
      resources: { requests: { ...requests, ...resources }, limits: { ...limits, ...resources } },
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
        // Engines find each other before they are ready: that is how a standby becomes ready.
        publishNotReadyAddresses: true,
        ports: [
          { name: "https", port: ENGINE_PORTS.https, targetPort: "https", protocol: "TCP" },
          { name: "replication", port: ENGINE_PORTS.replication, targetPort: "replication", protocol: "TCP" },
        ],
      },
    });
    for (const ordinal of this.ordinals) {
      declare<IService>(this, {
        apiVersion: "v1",
        kind: "Service",
        metadata: {
          ...this.metadata(`${this.name}-${ordinal}`),
          annotations: exemptionAnnotations({
            "service-targets-pod": "the StatefulSet's controller sets the label pod-index when it makes the pod",
          }),
        },
        spec: {
          type: "ClusterIP",
          selector: { ...this.labels, "apps.kubernetes.io/pod-index": String(ordinal) },
          ports: [{ name: "https", port: ENGINE_PORTS.https, targetPort: "https", protocol: "TCP" }],
        },
      });
    }
    if (this.peer) this.exposeToPeer();
  }

  /** The other region comes through a load balancer of Terraform's, which this pod enters by itself. */
  private exposeToPeer(): void {
    // A fenced engine is not ready, and its peer has to tell it so; orders it does not take.
    this.bind("replication", "replication", "engine", { publishNotReadyAddresses: true });
    this.bind("api", "https", "engine-api");
  }

  private bind(
    suffix: string,
    portName: "replication" | "https",
    targetGroup: string,
    more: { readonly publishNotReadyAddresses?: true } = {},
  ): void {
    const metadata = this.metadata(`${this.name}-${suffix}`);
    const port = ENGINE_PORTS[portName];
    declare<IService>(this, {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        type: "ClusterIP",
        selector: { ...this.labels },
        ...more,
        ports: [{ name: portName, port, targetPort: portName, protocol: "TCP" }],
      },
    });
    declare(this, {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata,
      spec: {
        serviceRef: { name: metadata.name, port },
        targetGroupName: this.site.names.of(targetGroup, 32),
        targetType: "ip",
      },
    });
  }
}
