import type { Construct } from "constructs";
import type {
  IValidatingAdmissionPolicy,
  IValidatingAdmissionPolicyBinding,
} from "kubernetes-models/admissionregistration.k8s.io/v1";
import { declare } from "../kubernetes/manifest";
import { UNPRIVILEGED_ID } from "../kubernetes/pod";

const NAME = "hardened-pods";

/** A rule in CEL over a pod, and what the refused one reads. */
export interface AdmissionRule {
  readonly expression: string;
  readonly message: string;
}

/** Names that the rules use, each in CEL. */
export const ADMISSION_VARIABLES = {
  declared: "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])",
  // Somebody who debugs adds these to a pod that runs; they see its memory and its files.
  added: "has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers : []",
} as const;

const everyDeclared = (condition: string) => `variables.declared.all(c, ${condition})`;
const every = (condition: string) => `${everyDeclared(condition)} && variables.added.all(c, ${condition})`;

/** What Pod Security "restricted" leaves open. */
export const ADMISSION_RULES: readonly AdmissionRule[] = [
  {
    expression: every("c.image.matches('^.+@sha256:[0-9a-f]{64}$')"),
    message: "an image is not pinned by digest; write registry/name@sha256:<64 hex digits>",
  },
  {
    expression: every(
      "has(c.securityContext) && has(c.securityContext.readOnlyRootFilesystem) && c.securityContext.readOnlyRootFilesystem",
    ),
    message: "a container can write to its root file system; set readOnlyRootFilesystem and mount an emptyDir",
  },
  {
    expression: every(
      `has(c.securityContext) && has(c.securityContext.runAsUser) && c.securityContext.runAsUser >= ${UNPRIVILEGED_ID - 1}`,
    ),
    message: `a container runs with a user id that may exist on the node; set runAsUser to ${UNPRIVILEGED_ID - 1} or more`,
  },
  {
    // The API server takes no resources of an ephemeral container.
    expression: everyDeclared(
      "has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits && 'ephemeral-storage' in c.resources.limits",
    ),
    message: "a container has no limit on memory or ephemeral storage and could exhaust the node",
  },
  {
    expression: every("!has(c.env) || !c.env.exists(e, has(e.valueFrom) && has(e.valueFrom.secretKeyRef))"),
    message: "a secret is passed as an environment variable, which crash reports may contain; mount it as a file",
  },
  {
    expression: every("!has(c.envFrom) || !c.envFrom.exists(e, has(e.secretRef))"),
    message: "a whole Secret is passed as environment variables; mount it as files",
  },
  {
    expression: "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != 'default'",
    message: "the pod uses the default service account; give it its own",
  },
  {
    expression: "has(object.spec.automountServiceAccountToken) && !object.spec.automountServiceAccountToken",
    message: "the pod mounts an API server token by default; disable that, and project a token where one is needed",
  },
];

/** Refuses pods that the rules refuse, in the platform's restricted namespaces. */
export function declarePodPolicy(scope: Construct): void {
  declare<IValidatingAdmissionPolicy>(scope, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: NAME },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [""],
            apiVersions: ["v1"],
            resources: ["pods", "pods/ephemeralcontainers"],
            operations: ["CREATE", "UPDATE"],
          },
        ],
      },
      variables: Object.entries(ADMISSION_VARIABLES).map(([name, expression]) => ({ name, expression })),
      validations: ADMISSION_RULES.map(({ expression, message }) => ({ expression, message, reason: "Invalid" })),
    },
  });
  declare<IValidatingAdmissionPolicyBinding>(scope, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: NAME },
    spec: {
      policyName: NAME,
      validationActions: ["Deny", "Audit"],
      matchResources: {
        namespaceSelector: {
          matchLabels: {
            "app.kubernetes.io/part-of": "hft-platform",
            "pod-security.kubernetes.io/enforce": "restricted",
          },
        },
      },
    },
  });
}
