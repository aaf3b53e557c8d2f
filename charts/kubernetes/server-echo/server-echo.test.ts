import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requires, runTool } from "@hft/testing";
import { canonicalQuantity } from "@hft/toolkit";
import fc from "fast-check";
import { synthesizeManifests } from "../../platform";
import { API_SERVER_TYPES, describedKinds, differences, echoesOf } from "../../testing/api-server-types";
import { EVERY_SITE, environmentNamed } from "../../testing/every-site";
import type { KubernetesObject } from "../manifest";
import { lostValues } from "./server-echo";

const lostFields = (object: KubernetesObject) => lostValues(object)?.map(({ field }) => field);
const policy = (spec: object): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "p", namespace: "front" },
  spec,
});
const pod = (spec: object): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "front" },
  spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec } },
});
const container = (fields: object) => pod({ containers: [{ name: "c", ...fields }] });
const twice = <T>(item: T) => [item, item];

/** Objects of which the API server gives something else back, and where. */
const LOSING: readonly (readonly [what: string, object: KubernetesObject, field: string])[] = [
  [
    "a false that is a default",
    {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "p" },
      value: 1,
      globalDefault: false,
    },
    "globalDefault",
  ],
  ["an empty list", policy({ podSelector: {}, policyTypes: ["Ingress"], ingress: [] }), "spec.ingress"],
  ["an empty map", pod({ containers: [{ name: "c" }], nodeSelector: {} }), "spec.template.spec.nodeSelector"],
  [
    "a delay of zero",
    container({ livenessProbe: { httpGet: { port: 1 }, initialDelaySeconds: 0 } }),
    "spec.template.spec.containers.0.livenessProbe.initialDelaySeconds",
  ],
  ["an empty text", container({ workingDir: "" }), "spec.template.spec.containers.0.workingDir"],
  [
    "mebibytes that are a gibibyte",
    pod({ containers: [{ name: "c" }], volumes: [{ name: "v", emptyDir: { sizeLimit: "1024Mi" } }] }),
    "spec.template.spec.volumes.0.emptyDir.sizeLimit",
  ],
  [
    "CPUs as a number",
    container({ resources: { limits: { cpu: 1 } } }),
    "spec.template.spec.containers.0.resources.limits.cpu",
  ],
  [
    "a thousand millicores",
    container({ resources: { requests: { cpu: "1000m" } } }),
    "spec.template.spec.containers.0.resources.requests.cpu",
  ],
];

/** Objects with a repetition, which server-side apply refuses. */
const REPEATING: readonly (readonly [what: string, object: KubernetesObject, field: string])[] = [
  ["a variable", container({ env: twice({ name: "A", value: "1" }) }), "spec.template.spec.containers.0.env.1"],
  [
    "a mount",
    container({ volumeMounts: twice({ name: "v", mountPath: "/v" }) }),
    "spec.template.spec.containers.0.volumeMounts.1",
  ],
  [
    "a port, once with its protocol and once by default",
    container({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }] }),
    "spec.template.spec.containers.0.ports.1",
  ],
];

/** Values that look alike and are kept. */
const KEPT: readonly (readonly [what: string, object: KubernetesObject])[] = [
  [
    "a zero behind a pointer",
    { ...pod({ containers: [{ name: "c" }] }), spec: { ...(pod({}).spec as object), replicas: 0 } },
  ],
  ["a false behind a pointer", pod({ containers: [{ name: "c" }], enableServiceLinks: false })],
  ["an empty structure", policy({ podSelector: {}, policyTypes: ["Ingress"] })],
  ["an empty directory", pod({ containers: [{ name: "c" }], volumes: [{ name: "v", emptyDir: {} }] })],
  [
    "a port in two protocols",
    container({
      ports: [
        { containerPort: 53, protocol: "TCP" },
        { containerPort: 53, protocol: "UDP" },
      ],
    }),
  ],
];

describe("values that the API server does not give back", () => {
  it.each(LOSING)("%s", (_, object, field) => expect(lostFields(object)).toEqual([field]));
  it.each(REPEATING)("%s that occurs twice", (_, object, field) => expect(lostFields(object)).toEqual([field]));
  it.each(KEPT)("are not %s", (_, object) => expect(lostFields(object)).toEqual([]));

  it("are named with what to write instead", () => {
    expect(lostValues(LOSING[5]![1])![0]!.remedy).toBe('write "1Gi" as the API server does');
    expect(lostValues(LOSING[0]![1])![0]!.remedy).toBe("omit the field, as the API server does");
  });

  it("are not known of a built-in kind without a description, and none of a custom resource", () => {
    const metadata = { name: "x" };
    expect(lostValues({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata })).toBeUndefined();
    expect(lostValues({ apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata, spec: { x: [] } })).toEqual(
      [],
    );
  });

  it("are in no object of an environment, whatever the size of its disks", () => {
    const large = structuredClone(environmentNamed("production"));
    const sites = [
      ...EVERY_SITE,
      ["large", { ...large, database: { ...large.database, storageGiB: 2048 } }, "eu-west-1"] as const,
    ];
    for (const [, environment, region] of sites) {
      expect(synthesizeManifests(environment, region).flatMap((object) => lostFields(object) ?? [object.kind])).toEqual(
        [],
      );
    }
  });
});

requires(API_SERVER_TYPES)("Kubernetes' own types", () => {
  it("give every object of every environment back as it was sent", () => {
    for (const [name, environment, region] of EVERY_SITE) {
      const objects = synthesizeManifests(environment, region);
      const echoes = echoesOf(objects);
      const found = echoes.flatMap(({ known, object, error }, index) =>
        error ? [error] : known ? differences(objects[index], object).map((path) => `${name} ${path}`) : [],
      );
      expect(found).toEqual([]);
      expect(echoes.filter(({ known }) => known).length).toBeGreaterThan(90);
    }
  });

  it("lose exactly what is called lost", () => {
    const objects = [...LOSING, ...KEPT].map(([, object]) => object);
    const echoes = echoesOf(objects);
    objects.forEach((object, index) => {
      expect(echoes[index]!.error).toBeUndefined();
      expect(differences(object, echoes[index]!.object)).toEqual(lostFields(object));
    });
  });

  it("refuse what is called a repetition", () => {
    for (const { error } of echoesOf(REPEATING.map(([, object]) => object))) expect(error).toMatch(/duplicate/);
  });

  it("spell amounts in the same way", () => {
    const amount = fc
      .tuple(
        fc.integer({ min: 0, max: 10_000_000 }),
        // Three decimal places are spared: ParseQuantity of 0.35 takes such a text for canonical and keeps it.
        fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
        fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "e-3"),
      )
      .map(([whole, fraction, suffix]) => `${whole}${fraction === undefined ? "" : `.${fraction}`}${suffix}`);
    const texts = fc.sample(amount, 1000);
    const limits = Object.fromEntries(texts.map((text, index) => [`example.com/r${index}`, text]));
    const [echo] = echoesOf([container({ resources: { limits } })]);
    const { template } = echo!.object!.spec as {
      template: { spec: { containers: { resources: { limits: object } }[] } };
    };
    expect(Object.values(limits).map(canonicalQuantity)).toEqual(
      Object.keys(limits).map((key) => template.spec.containers[0]!.resources.limits[key as never]),
    );
  });

  it("are what the table of fields was made of", () => {
    const { output } = runTool("sh", [
      "-c",
      `cd ${join(__dirname, "../../testing/api-server-types")} && ${API_SERVER_TYPES} table ${describedKinds().join(" ")}`,
    ]);
    expect(output).toBe(readFileSync(join(__dirname, "api-server-fields.json"), "utf8"));
  });
});
