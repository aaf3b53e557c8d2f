import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, runTool } from "@hft/testing";
import { Yaml } from "cdk8s";
import { EXEMPTIONS_ANNOTATION } from "./kubernetes/exemptions";
import type { KubernetesObject } from "./kubernetes/manifest";
import { synthesizeManifests } from "./platform";
import { EVERY_SITE } from "./testing/every-site";

const sites = EVERY_SITE.map(([name, environment, region]) => ({
  name,
  objects: synthesizeManifests(environment, region),
}));

/** What kube-score finds, as `[CRITICAL] engine/trading …: …`. */
function kubeScore(objects: readonly KubernetesObject[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "kube-score-"));
  Yaml.save(join(folder, "objects.yaml"), [...objects]);
  const flags = ["--kubernetes-version", "v1.35", "--output-format", "ci"];
  const optional = ["--enable-optional-test", "container-seccomp-profile"];
  const { output } = runTool("kube-score", ["score", ...flags, ...optional, join(folder, "objects.yaml")]);
  rmSync(folder, { recursive: true });
  return output.split("\n").filter((line) => /^\[(CRITICAL|WARNING)\]/.test(line));
}

const annotationsOf = ({ metadata }: KubernetesObject) => metadata.annotations ?? {};

requires("kube-score")("kube-score", () => {
  it.each(sites)("finds nothing critical and no warning in $name", ({ objects }) => {
    expect(kubeScore(objects)).toEqual([]);
  });

  it.each(sites)(
    "is told to leave something out in $name only with a reason, and only what it would find",
    ({ objects }) => {
      const exempted = objects.filter((object) => annotationsOf(object)["kube-score/ignore"]);
      for (const object of exempted) {
        const { "kube-score/ignore": ignored, [EXEMPTIONS_ANNOTATION]: reasons = "" } = annotationsOf(object);
        for (const check of ignored!.split(",")) expect(reasons).toMatch(new RegExp(`${check}: .{20}`));
      }
      const bare = objects.map((object) => ({ ...object, metadata: { ...object.metadata, annotations: {} } }));
      const found = kubeScore(bare);
      for (const { metadata } of exempted) {
        expect(found.some((line) => line.includes(`${metadata.name}/${metadata.namespace} `))).toBe(true);
      }
    },
  );
});

describe("every manifest", () => {
  it.each(sites)("of $name holds no null and no literal secret", ({ objects }) => {
    const text = JSON.stringify(objects);
    expect(text).not.toMatch(/:null|\[null|,null/);
    expect(objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
  });

  it.each(sites)("of $name has a name of its own", ({ objects }) => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  });
});
