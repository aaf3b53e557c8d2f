import { ClusterRole } from "cdk8s-plus-27/lib/role";
import { Group, RoleBinding } from "cdk8s-plus-27/lib/role-binding";
import type { Construct } from "constructs";
import type { IClusterRole, IClusterRoleBinding, IPolicyRule } from "kubernetes-models/rbac.authorization.k8s.io/v1";
import { declare } from "../kubernetes/manifest";
import { NAMESPACES } from "../namespaces";

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch"];
const LABELS = { "app.kubernetes.io/part-of": "hft-platform" };

const rule = (apiGroups: string[], resources: string[], verbs: string[]): IPolicyRule => ({
  apiGroups,
  resources,
  verbs,
});

/** What a role may see: everything but secrets. */
const LOOKING: readonly IPolicyRule[] = [
  rule(
    [""],
    [
      "configmaps",
      "endpoints",
      "events",
      "limitranges",
      "persistentvolumeclaims",
      "pods",
      "pods/log",
      "resourcequotas",
      "serviceaccounts",
      "services",
    ],
    READ,
  ),
  rule(["apps"], ["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"], READ),
  rule(["autoscaling"], ["horizontalpodautoscalers"], READ),
  rule(["batch"], ["cronjobs", "jobs"], READ),
  rule(["networking.k8s.io"], ["networkpolicies"], READ),
  rule(["policy"], ["poddisruptionbudgets"], READ),
  rule(["cert-manager.io"], ["certificates", "certificaterequests"], READ),
  rule(["external-secrets.io"], ["externalsecrets"], READ),
  rule(["monitoring.coreos.com"], ["prometheusrules", "servicemonitors", "probes"], READ),
];

/** What a rollout changes: workloads and what they are configured with; no secret, no access, no policy. */
const DEPLOYING: readonly IPolicyRule[] = [
  rule([""], ["configmaps", "services"], [...WRITE, "delete"]),
  rule(["apps"], ["deployments", "statefulsets"], [...WRITE, "delete"]),
  rule(["apps"], ["deployments/scale", "statefulsets/scale"], ["get", "patch", "update"]),
  rule(["autoscaling"], ["horizontalpodautoscalers"], [...WRITE, "delete"]),
  rule(["batch"], ["cronjobs", "jobs"], [...WRITE, "delete"]),
];

/** What ends an incident that nothing else ends; each use is in the cluster's audit log. */
const BREAKING_GLASS: readonly IPolicyRule[] = [
  rule([""], ["pods", "persistentvolumeclaims"], ["delete"]),
  rule([""], ["pods/exec", "pods/portforward", "pods/ephemeralcontainers"], ["create", "patch"]),
  rule([""], ["pods/eviction"], ["create"]),
  rule([""], ["secrets"], READ),
  // An annotation makes the operator fetch a rotated secret at once.
  rule(["external-secrets.io"], ["externalsecrets"], ["patch"]),
  rule(["networking.k8s.io"], ["networkpolicies"], [...WRITE, "delete"]),
  rule(["policy"], ["poddisruptionbudgets"], [...WRITE, "delete"]),
];

/** Nodes belong to no namespace. Runbooks begin with looking at them. */
const NODES: readonly IPolicyRule[] = [rule([""], ["nodes"], READ)];
const NODE_READER = "hft-node-reader";

/** Groups of people, into which an EKS access entry puts them. */
export const ACCESS_GROUPS = {
  operators: "hft:operators",
  deployers: "hft:deployers",
  breakGlass: "hft:break-glass",
} as const;

/** People's roles, by their group. */
const ROLES = {
  "hft-operator": { group: ACCESS_GROUPS.operators, rules: LOOKING },
  "hft-deployer": { group: ACCESS_GROUPS.deployers, rules: [...LOOKING, ...DEPLOYING] },
  "hft-break-glass": { group: ACCESS_GROUPS.breakGlass, rules: [...LOOKING, ...DEPLOYING, ...BREAKING_GLASS] },
} as const satisfies Record<string, { readonly group: string; readonly rules: readonly IPolicyRule[] }>;

/**
 * Roles reach into the platform's own namespaces and nowhere else, except that everybody may look at nodes. Bindings
 * are cdk8s-plus's; roles are not, because it writes a rule for each resource with an empty `resourceNames`, which the
 * API server drops and a plan then reports for ever.
 */
export function declareRoles(scope: Construct): void {
  for (const [name, { group, rules }] of Object.entries(ROLES)) {
    declare<IClusterRole>(scope, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name, labels: LABELS },
      rules: [...rules],
    });
    const role = ClusterRole.fromClusterRoleName(scope, name, name);
    const subject = Group.fromName(scope, `${name}-group`, group);
    for (const namespace of Object.keys(NAMESPACES)) {
      new RoleBinding(scope, `${name}-in-${namespace}`, {
        metadata: { name, namespace, labels: LABELS },
        role,
      }).addSubjects(subject);
    }
  }
  declareNodeReader(scope);
}

function declareNodeReader(scope: Construct): void {
  const metadata = { name: NODE_READER, labels: LABELS };
  declare<IClusterRole>(scope, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata,
    rules: [...NODES],
  });
  declare<IClusterRoleBinding>(scope, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NODE_READER },
    subjects: Object.values(ACCESS_GROUPS).map((name) => ({
      apiGroup: "rbac.authorization.k8s.io",
      kind: "Group",
      name,
    })),
  });
}
