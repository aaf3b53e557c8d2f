import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "../../charts";
import type { ApiClient } from "./api-client";
import { DEFINITIONS_FOLDER } from "./api-server";

/** Kinds whose definition no package that the tests can fetch has, and which are therefore not judged here. */
export const NOT_JUDGED: Readonly<Record<string, string>> = {
  "elbv2.k8s.aws/v1beta1/TargetGroupBinding":
    "the load balancer controller's module is not served; kubeconform checks it against a committed schema",
};

interface Definition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
    readonly conversion?: unknown;
  };
}

/** Brings the operators' kinds to a server, as their charts would. */
export async function defineCustomResources(client: ApiClient): Promise<void> {
  const definitions = readdirSync(DEFINITIONS_FOLDER).map((file) => read(join(DEFINITIONS_FOLDER, file)));
  for (const definition of definitions) {
    const { status, body } = await client.apply(definition);
    if (status >= 300) throw new Error(`${definition.metadata.name}: ${JSON.stringify(body)}`);
  }
  for (const { spec } of definitions) {
    for (const { name, served } of spec.versions) {
      if (served) await client.untilServed(`${spec.group}/${name}`, spec.names.kind);
    }
  }
}

/**
 * Without the conversion between versions, which asks a webhook of the operator; objects are stored in the version that
 * is sent.
 */
function read(file: string): Definition {
  const { spec, ...definition } = parse(readFileSync(file, "utf8")) as Definition;
  const { conversion: _, ...rest } = spec;
  const { status: __, ...withoutStatus } = definition as Definition & { status?: unknown };
  return { ...withoutStatus, spec: rest } as Definition;
}
