import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { runTool, TOOL_CACHE } from "@hft/testing";
import { Yaml } from "cdk8s";
import type { KubernetesObject } from "../kubernetes/manifest";
import { KINDS_FINGERPRINT, writeCustomResourceSchemas } from "./custom-resource-schemas";

/** Schemas of the version that the environments run; their types forbid unknown fields. */
const KUBERNETES_SCHEMAS = join(TOOL_CACHE, "kubernetes-json-schema/v1.35.0-local-strict");
const OWN_SCHEMAS = "charts/testing/schemas";
/** Made once per version of the generator and list of kinds. */
const CUSTOM_RESOURCE_SCHEMAS = join(
  "node_modules/.cache/custom-resource-schemas",
  KINDS_FINGERPRINT,
  createRequire(join(process.cwd(), "package.json"))("./package.json").devDependencies["ts-json-schema-generator"],
);

export const KUBERNETES_SCHEMAS_INSTALLED = existsSync(KUBERNETES_SCHEMAS);

export interface Verdict {
  readonly summary: {
    readonly valid: number;
    readonly invalid: number;
    readonly errors: number;
    readonly skipped: number;
  };
  /** `production/eu-west-1 StatefulSet engine: …` */
  readonly faults: readonly string[];
}

/**
 * What kubeconform says of objects in strict mode.
 * @param sites objects by where they are for; all in one run, because reading the schemas is what takes its time
 */
export function kubeconform(sites: Readonly<Record<string, readonly KubernetesObject[]>>): Verdict {
  prepareCustomResourceSchemas();
  const folder = mkdtempSync(join(tmpdir(), "kubeconform-"));
  try {
    for (const [name, objects] of Object.entries(sites)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      Yaml.save(join(folder, `${name}.yaml`), [...objects]);
    }
    const groupFile = "{{.ResourceKind}}-{{.Group}}-{{.ResourceAPIVersion}}.json";
    const { output } = runTool("kubeconform", [
      "-strict",
      ...["-summary", "-output", "json"],
      ...["-schema-location", `${KUBERNETES_SCHEMAS}/{{.ResourceKind}}{{.KindSuffix}}.json`],
      ...["-schema-location", `${CUSTOM_RESOURCE_SCHEMAS}/${groupFile}`],
      ...["-schema-location", `${OWN_SCHEMAS}/${groupFile}`],
      folder,
    ]);
    const { resources, summary } = JSON.parse(output) as {
      resources: { filename: string; kind: string; name: string; msg: string }[];
      summary: Verdict["summary"];
    };
    const siteOf = (file: string) => relative(folder, file).replace(/\.yaml$/, "");
    return {
      summary,
      faults: resources.map(({ filename, kind, name, msg }) => `${siteOf(filename)} ${kind} ${name}: ${msg}`),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function prepareCustomResourceSchemas(): void {
  if (existsSync(CUSTOM_RESOURCE_SCHEMAS)) return;
  mkdirSync(dirname(CUSTOM_RESOURCE_SCHEMAS), { recursive: true });
  const draft = `${CUSTOM_RESOURCE_SCHEMAS}.${process.pid}`;
  writeCustomResourceSchemas(draft);
  renameSync(draft, CUSTOM_RESOURCE_SCHEMAS);
}
