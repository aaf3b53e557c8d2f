import { Release } from "@cdktf/provider-helm/lib/release";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Hop } from "../../charts";
import { PodRole, type Statement } from "../../constructs";
import type { Environment } from "../../environments";
import type { Names } from "../../vocabulary";

/** An operator of the cluster: a Helm chart at a pinned version, and the AWS rights of its pods. */
export interface Operator {
  readonly name: string;
  readonly namespace: string;
  readonly repository: string;
  readonly version: string;
  readonly serviceAccount: string;
  readonly values: object;
  /** Rights of its pods in AWS. */
  readonly statements?: readonly Statement[];
  /** Brings a ServiceMonitor, whose definition comes with the monitoring. */
  readonly isScraped?: true;
  /** Who asks its pods for metrics, and how that is protected: no policy of the platform governs them. */
  readonly hops?: readonly Hop[];
  /** Pod security level of a namespace of its own. */
  readonly podSecurity?: "restricted" | "baseline" | "privileged";
}

/** A pool that grows and shrinks with its pods. */
interface AutoscaledPool {
  /** Name of its node group in EKS. */
  readonly nodeGroup: string;
  /** Name of the Auto Scaling group behind it. */
  readonly group: string;
  readonly minNodes: number;
  readonly maxNodes: number;
}

/** What operators need to know of where they are installed. */
export interface OperatorSite {
  readonly names: Names;
  readonly accountId: string;
  readonly clusterName: string;
  readonly vpcId: string;
  readonly keyArn: string;
  readonly dnsZoneId: string;
  /** Region whose engine is this one's standby or active one. @default - there is one region only */
  readonly peerRegion?: string;
  /** How much is kept of what is measured, and how many keep it. */
  readonly monitoring: Environment["monitoring"];
  /** Of the cluster, `1.35`. */
  readonly kubernetesVersion: string;
  /** The pools whose number of nodes the cluster autoscaler decides. */
  readonly autoscaledPools: readonly AutoscaledPool[];
}

/** Helm waits this long for an operator's pods; images come through NAT on a first install. */
const INSTALL_TIMEOUT_SECONDS = 600;

/** Installs one operator. */
export class InstalledOperator extends Construct {
  /** For operators that need what this one brings. */
  readonly release: ITerraformDependable;

  constructor(scope: Construct, operator: Operator, site: OperatorSite, after: readonly ITerraformDependable[] = []) {
    super(scope, operator.name);
    if (operator.statements) {
      new PodRole(this, "rights", {
        names: site.names,
        clusterName: site.clusterName,
        namespace: operator.namespace,
        serviceAccount: operator.serviceAccount,
        statements: operator.statements,
      });
    }
    const namespace = operator.podSecurity ? this.namespace(operator.namespace, operator.podSecurity) : undefined;
    const release = new Release(this, "release", {
      name: operator.name,
      namespace: operator.namespace,
      chart: operator.name,
      repository: operator.repository,
      version: operator.version,
      atomic: true,
      timeout: INSTALL_TIMEOUT_SECONDS,
      values: [Fn.jsonencode(operator.values)],
      dependsOn: namespace ? [namespace, ...after] : [...after],
    });
    this.release = release;
    release.overrideLogicalId(`operator_${operator.name.replaceAll("-", "_")}`);
  }

  private namespace(name: string, level: string): Manifest {
    const labels = Object.fromEntries(
      ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]),
    );
    return new Manifest(this, "namespace", {
      manifest: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
    });
  }
}
