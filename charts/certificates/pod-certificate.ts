import type { Construct } from "constructs";
import type { ShownCertificate } from "../kubernetes/protection";
import type { NamespaceName } from "../namespaces";
import { declareInternalCertificate } from "./internal-authority";

export interface CertifiedPods {
  readonly name: string;
  readonly namespace: string;
}

/** Name of a workload's Service, which the certificate of each of its pods carries. */
export const serviceName = ({ name, namespace }: CertifiedPods) => `${name}.${namespace}.svc.cluster.local`;

/**
 * One certificate for the pods of a workload.
 * @param alsoCalled other names that they are called by
 */
export function declarePodCertificate(
  workload: Construct & CertifiedPods,
  alsoCalled: readonly string[] = [],
): ShownCertificate {
  const shown = { secret: `${workload.name}-certificate`, name: serviceName(workload) };
  declareInternalCertificate(workload, {
    name: shown.secret,
    namespace: workload.namespace as NamespaceName,
    dnsNames: [shown.name, ...alsoCalled],
  });
  return shown;
}
