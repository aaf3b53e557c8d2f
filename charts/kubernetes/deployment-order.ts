import type { KubernetesObject } from "./manifest";

/** What must exist before what: namespaces, then what workloads refer to, then workloads. */
const WAVES: readonly (readonly string[])[] = [
  ["Namespace"],
  ["CustomResourceDefinition", "PriorityClass", "StorageClass"],
  ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ResourceQuota", "LimitRange"],
  ["ServiceAccount", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding", "NetworkPolicy", "ConfigMap"],
  ["ClusterSecretStore", "ClusterIssuer"],
  ["ExternalSecret", "PushSecret", "Certificate", "Service", "PodDisruptionBudget"],
  // Tables before the engines that write into them.
  ["Job"],
];

/** Objects of a lower wave must exist, and jobs must be done, before those of a higher one. */
export function deploymentWave({ kind }: KubernetesObject): number {
  const wave = WAVES.findIndex((kinds) => kinds.includes(kind));
  return wave === -1 ? WAVES.length : wave;
}

const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;

/** In waves, and inside of a wave by kind, namespace and name: a moved line of code moves nothing in the output. */
export function inDeploymentOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return [...objects].sort((a, b) => deploymentWave(a) - deploymentWave(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}
