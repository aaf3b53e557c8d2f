import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "../../charts";
import { environmentInputs } from "../../environments";
import { resourcesOf, type SynthesizedEnvironment, synthesize } from "../../stacks";
import { COMPUTED_BY_DEFAULT } from "../../stacks/manifest-resources";

/** An object as Terraform sends it. */
export interface DeployedObject {
  readonly object: KubernetesObject;
  /** Where somebody else may write, `spec.template.metadata.labels`. */
  readonly computedFields: readonly string[];
}

/** One cluster of one environment. */
export interface Site {
  /** `production/eu-west-1` */
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly serviceRange: string;
  readonly objects: readonly DeployedObject[];
}

/** Every object of every environment, out of the stacks that Terraform would deploy. */
export function everySite(): Site[] {
  const scratch = mkdtempSync(join(tmpdir(), "hft-cluster-"));
  try {
    return synthesize(environmentInputs, join(scratch, "tree")).flatMap(sitesOf);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function sitesOf(synthesized: SynthesizedEnvironment): Site[] {
  const { environment, stacks } = synthesized;
  return environment.regions.map(({ name }) => ({
    name: `${environment.name}/${name}`,
    kubernetesVersion: environment.kubernetes.version,
    serviceRange: environment.kubernetes.serviceCidr,
    objects: stacks
      .filter((stack) => stack.name.startsWith(`${environment.name}-${name}-`))
      .flatMap(resourcesOf)
      .filter(({ type }) => type === "kubernetes_manifest")
      .map(({ body }) => ({
        object: unescaped(body.manifest) as KubernetesObject,
        computedFields: (body.computed_fields ?? COMPUTED_BY_DEFAULT) as readonly string[],
      })),
  }));
}

/**
 * What Terraform makes of a text: `$${` is `${`. References to other stacks stay as they stand, they are texts either
 * way.
 */
function unescaped(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/([$%])\1\{/g, "$1{");
  if (Array.isArray(value)) return value.map(unescaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unescaped(item)]));
}
