import { Construct } from "constructs";
import type { IServiceAccount } from "kubernetes-models/v1";
import type { AwsNeed } from "../aws-needs";
import { managedServices, SERVICE_TLS } from "../managed-services";
import type { NamespaceName } from "../namespaces";
import type { Site } from "../site";
import { type Peer, type PodPeer, type Port, tcp, udp } from "./connections";
import { declare } from "./manifest";
import { CLUSTER_DNS, POD_IDENTITY_AGENT, PROMETHEUS } from "./peers";
import { type Protection, plain } from "./protection";
import { declareServiceMonitor, type MetricsEndpoint, SCRAPED } from "./service-monitor";

const NAMES_ARE_PLAIN = plain(
  "cluster DNS does not support TLS; a forged answer is useless without the certificate that the caller verifies next",
);
/** AWS, "EKS Pod Identity": the SDK asks http://169.254.170.23/v1/credentials. */
const AGENT_IS_PLAIN = plain("EKS serves it without TLS, link-local: it never leaves the node");

export interface WorkloadProps {
  readonly namespace: NamespaceName;
  /** Role in the platform, `gateway`, `backup`. */
  readonly component: string;
  /**
   * What its pods need of AWS; they get credentials from the Pod Identity agent.
   * @default - nothing
   */
  readonly aws?: readonly AwsNeed[];
}

/**
 * What every workload of the platform has: labels, an account of its own without rights in the cluster, and a network
 * policy out of what it is connected to.
 */
export abstract class Workload extends Construct implements PodPeer {
  readonly kind = "pods";
  readonly owned = true;
  readonly name: string;
  readonly namespace: string;
  /** Selects its pods; never changes, because selectors are immutable. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels for its objects. */
  readonly allLabels: Readonly<Record<string, string>>;

  constructor(
    scope: Construct,
    name: string,
    protected readonly site: Site,
    props: WorkloadProps,
  ) {
    super(scope, name);
    this.name = name;
    this.namespace = props.namespace;
    this.labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };
    this.allLabels = {
      ...this.labels,
      "app.kubernetes.io/component": props.component,
      "app.kubernetes.io/part-of": "hft-platform",
      "app.kubernetes.io/managed-by": "cdk8s",
    };
    site.connections.addWorkload(this);
    declare<IServiceAccount>(this, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: this.metadata(),
      automountServiceAccountToken: false,
    });
    this.connectTo(CLUSTER_DNS, udp(53), "names", NAMES_ARE_PLAIN);
    this.connectTo(CLUSTER_DNS, tcp(53), "DNS answers longer than a datagram", NAMES_ARE_PLAIN);
    if (props.aws) this.signInToAws(props.aws);
  }

  /** Lets this workload's pods open connections to the target, and the target accept them. */
  connectTo(target: Peer, port: Port, purpose: string, protection: Protection): void {
    this.site.connections.allow({ from: this, to: target, port, purpose, protection });
  }

  /** Lets somebody outside of the platform open connections to this workload's pods. */
  allowFrom(source: Peer, port: Port, purpose: string, protection: Protection): void {
    this.site.connections.allow({ from: source, to: this, port, purpose, protection });
  }

  private signInToAws(needs: readonly AwsNeed[]): void {
    this.site.podIdentities.push({ namespace: this.namespace, serviceAccount: this.name, needs });
    this.connectTo(POD_IDENTITY_AGENT, tcp(80), "AWS credentials of the pod", AGENT_IS_PLAIN);
    const kinds = new Set(needs.map(({ kind }) => kind));
    if (kinds.has("write-backups") || kinds.has("read-backups")) {
      this.connectTo(managedServices(this.site).storage, tcp(443), "backups", SERVICE_TLS.aws);
    }
    if (kinds.has("write-logs")) {
      this.connectTo(managedServices(this.site).logs, tcp(443), "CloudWatch Logs", SERVICE_TLS.aws);
    }
  }

  /** Lets Prometheus read metrics behind ports of the Service that carries the label of `SCRAPED`. */
  protected monitor(endpoints: readonly MetricsEndpoint[]): void {
    for (const { port, purpose = "metrics", protection } of endpoints) {
      this.allowFrom(PROMETHEUS, port, purpose, protection);
    }
    declareServiceMonitor(this, this.metadata(), this.labels, endpoints);
  }

  /** Name, namespace and labels of the Service that Prometheus goes through. */
  protected scrapedMetadata() {
    const { labels, ...metadata } = this.metadata();
    return { ...metadata, labels: { ...labels, ...SCRAPED } };
  }

  /** Name, namespace and labels of an object of this workload. */
  protected metadata(name = this.name) {
    return { name, namespace: this.namespace, labels: { ...this.allLabels } };
  }
}
