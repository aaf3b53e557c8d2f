import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { type ITerraformDependable, type TerraformResource, Token } from "cdktf";
import type { Construct } from "constructs";
import { deploymentWave, type KubernetesObject } from "../charts";

/** Kinds that start pods, which read their rights only then. */
const STARTING_KINDS = ["CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"];
/** A migration of the largest tables, with room. */
const JOB_TIMEOUT = "30m";

/**
 * Kinds whose replicas an autoscaler may own. They are left out of the manifest, so a plan keeps the number that it
 * reads. It does not keep what the autoscaler does between plan and apply: an object that changes is sent whole, with
 * the number of the plan, which `computed_fields` does not alter (terraform-provider-kubernetes 2.38.0, plan.go and
 * apply.go). So plan right before applying.
 */
const AUTOSCALED_KINDS = ["Deployment", "StatefulSet"];

/** Who the API server notes as the owner of what is deployed. */
export const FIELD_MANAGER = "hft-platform";
/**
 * What the provider takes as computed when nothing is named; naming anything else replaces it.
 * Source: terraform-provider-kubernetes 3.2.1, manifest/provider/plan.go.
 */
export const COMPUTED_BY_DEFAULT = ["metadata.labels", "metadata.annotations"];
/**
 * Where somebody else writes inside of what a manifest names. The provider plans such a value as it is and calls the
 * server's answer "inconsistent", for ever, unless the field is named as computed; a changed manifest is applied all
 * the same. Source: terraform-provider-kubernetes 2.38.0, manifest/provider/plan.go.
 */
export const WRITTEN_BY_OTHERS: Readonly<Record<string, string>> = {
  // The job controller adds `controller-uid` and `job-name` (Kubernetes, "Job", Job labels).
  Job: "spec.template.metadata.labels",
  // `kubectl rollout restart` notes when.
  DaemonSet: "spec.template.metadata.annotations",
  Deployment: "spec.template.metadata.annotations",
  StatefulSet: "spec.template.metadata.annotations",
};

/**
 * Turns the objects that `cdk8s synth` prints into one Terraform resource each, so that a plan names Kubernetes
 * objects one by one. cdktf-cdk8s does the same but loses references, numeric arrays and newlines.
 * @param objects what is deployed; each waits for the objects of the wave before its own
 * @param after what pods cannot start without: their AWS rights, which they get only when they start
 */
export function deployManifests(
  scope: Construct,
  objects: readonly KubernetesObject[],
  after: readonly ITerraformDependable[],
): void {
  const autoscaled = new Set(
    objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler").map((object) => targetOf(object)),
  );
  const waves = [...new Set(objects.map(deploymentWave))].sort((one, other) => one - other);
  let gate: TerraformResource[] = [];
  for (const wave of waves) {
    const deployed = objects
      .filter((object) => deploymentWave(object) === wave)
      .map((object) => {
        const manifest = autoscaled.has(keyOf(object)) ? withoutReplicas(object) : object;
        const writtenByOthers = WRITTEN_BY_OTHERS[object.kind];
        return new Manifest(scope, resourceId(object), {
          manifest: escapeTemplates(manifest) as unknown as { [key: string]: unknown },
          dependsOn: STARTING_KINDS.includes(object.kind) ? [...gate, ...after] : gate,
          wait: object.kind === "Job" ? { condition: [{ type: "Complete", status: "True" }] } : undefined,
          timeouts: object.kind === "Job" ? { create: JOB_TIMEOUT } : undefined,
          ...(writtenByOthers && { computedFields: [...COMPUTED_BY_DEFAULT, writtenByOthers] }),
          fieldManager: { name: FIELD_MANAGER, forceConflicts: true },
        });
      });
    // The last of a wave waits for the others, and the next wave for the last: edges grow with the objects, not their
    // square.
    const last = deployed.at(-1)!;
    last.dependsOn = [...(last.dependsOn ?? []), ...deployed.slice(0, -1).map(addressOf)];
    gate = [last];
  }
}

/** As `depends_on` takes it: an address, not an expression. */
const addressOf = ({ terraformResourceType, friendlyUniqueId }: TerraformResource) =>
  `${terraformResourceType}.${friendlyUniqueId}`;

/** `Deployment-trading-gateway`; kind, namespace and name, so that a refactoring of charts moves nothing. */
function resourceId({ kind, metadata }: KubernetesObject): string {
  return [kind, metadata.namespace, metadata.name]
    .filter(Boolean)
    .join("-")
    .replace(/[^\w-]/g, "-");
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`;
}

function targetOf(autoscaler: KubernetesObject): string {
  const { scaleTargetRef } = autoscaler.spec as { scaleTargetRef: { kind: string; name: string } };
  return `${scaleTargetRef.kind}/${autoscaler.metadata.namespace}/${scaleTargetRef.name}`;
}

function withoutReplicas(object: KubernetesObject): KubernetesObject {
  if (!AUTOSCALED_KINDS.includes(object.kind)) return object;
  const { replicas: _, ...spec } = object.spec as Record<string, unknown>;
  return { ...object, spec };
}

/** `${` and `%{` of shell scripts and NGINX are literals to Kubernetes and templates to Terraform; tokens are meant. */
function escapeTemplates<T>(value: T): T {
  if (Token.isUnresolved(value)) return value;
  if (typeof value === "string") return value.replace(/([$%])\{/g, "$1$1{") as T;
  if (Array.isArray(value)) return value.map(escapeTemplates) as T;
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeTemplates(item)])) as T;
  }
  return value;
}
