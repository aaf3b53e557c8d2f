import { requires, runTool } from "@hft/testing";
import type { IPodSpec } from "kubernetes-models/v1";
import { NAMESPACES } from "../namespaces";
import { synthesizeManifests } from "../platform";
import { EVERY_SITE, environmentNamed } from "../testing/every-site";
import { podTemplates } from "../testing/pod-templates";
import { ADMISSION_RULES, ADMISSION_VARIABLES } from "./pod-policy";

interface Verdict {
  readonly podSecurity: Readonly<Record<string, readonly string[]>>;
  readonly policy: Readonly<Record<string, readonly string[]>>;
}

/** What Kubernetes' own evaluators say of pods. */
function judge(pods: readonly { readonly name: string; readonly spec: IPodSpec }[], level = "restricted"): Verdict {
  const question = { version: "v1.35", level, variables: ADMISSION_VARIABLES, rules: ADMISSION_RULES, pods };
  const { status, output } = runTool("hft-admission-check", [], { input: JSON.stringify(question) });
  if (status !== 0) throw new Error(output);
  return JSON.parse(output);
}

const restricted = Object.entries(NAMESPACES)
  .filter(([, { podSecurity }]) => podSecurity === "restricted")
  .map(([name]) => name);

requires("hft-admission-check")("admission by Kubernetes' own evaluators", () => {
  it.each(EVERY_SITE)("lets every pod of %s in that lives in a restricted namespace", (_, environment, region) => {
    const pods = podTemplates(synthesizeManifests(environment, region)).filter(({ namespace }) =>
      restricted.includes(namespace),
    );
    const { podSecurity, policy } = judge(pods);
    expect(Object.entries(podSecurity).filter(([, reasons]) => reasons.length > 0)).toEqual([]);
    expect(Object.entries(policy).filter(([, reasons]) => reasons.length > 0)).toEqual([]);
    expect(pods.length).toBeGreaterThanOrEqual(8);
  });

  // Source: Kubernetes 1.35, "Ephemeral Containers" and API reference: they are added by an update of
  // `pods/ephemeralcontainers`, which a rule for `pods` does not match.
  it("is asked of pods and of what is added to them while they run", () => {
    const policy = synthesizeManifests(environmentNamed("production"), "eu-west-1").find(
      ({ kind }) => kind === "ValidatingAdmissionPolicy",
    )!;
    expect(policy.spec).toMatchObject({
      matchConstraints: {
        resourceRules: [
          { resources: ["pods", "pods/ephemeralcontainers"], operations: expect.arrayContaining(["CREATE", "UPDATE"]) },
        ],
      },
    });
  });

  const pods = podTemplates(synthesizeManifests(environmentNamed("production"), "eu-west-1"));
  const gateway = pods.find(({ name }) => name === "gateway")!.spec;

  it("names the exceptions from restricted, and they need what restricted forbids", () => {
    const exceptions = pods.filter(({ namespace }) => !restricted.includes(namespace));
    expect(exceptions.map(({ name }) => name)).toEqual(["clock-exporter", "log-shipper"]);
    const { podSecurity } = judge(exceptions);
    expect(podSecurity["log-shipper"]!.join()).toMatch(/hostPath/);
    expect(podSecurity["clock-exporter"]!.join()).toMatch(/hostNetwork/);
    expect(Object.values(judge(exceptions, "privileged").podSecurity).flat()).toEqual([]);
  });

  const broken = (change: (spec: Record<string, unknown>, container: Record<string, unknown>) => void): IPodSpec => {
    const spec = structuredClone(gateway) as unknown as Record<string, unknown>;
    change(spec, (spec.containers as Record<string, unknown>[])[0]!);
    return spec as unknown as IPodSpec;
  };
  it("lets a debugging container in that is pinned and hardened; it cannot have limits", () => {
    const spec = broken((draft, container) => {
      draft.ephemeralContainers = [
        { name: "debug", image: container.image, securityContext: container.securityContext },
      ];
    });
    expect(judge([{ name: "debugged", spec }])).toEqual({ podSecurity: { debugged: [] }, policy: { debugged: [] } });
  });

  const context = (container: Record<string, unknown>) => container.securityContext as Record<string, unknown>;

  it.each<[string, IPodSpec, RegExp]>([
    [
      "an image by tag",
      broken((_, container) => {
        container.image = "nginx:latest";
      }),
      /digest/,
    ],
    [
      "a writable image",
      broken((_, container) => {
        context(container).readOnlyRootFilesystem = false;
      }),
      /readOnlyRootFilesystem/,
    ],
    [
      "a user id that may exist on the node",
      broken((_, container) => {
        context(container).runAsUser = 1000;
      }),
      /runAsUser/,
    ],
    [
      "no limits",
      broken((_, container) => {
        container.resources = {};
      }),
      /no limit/,
    ],
    [
      "a secret in the environment",
      broken((_, container) => {
        container.env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }];
      }),
      /mount it as a file/,
    ],
    [
      "a Secret as environment",
      broken((_, container) => {
        container.envFrom = [{ secretRef: { name: "a" } }];
      }),
      /mount it as files/,
    ],
    [
      "the default service account",
      broken((spec) => {
        spec.serviceAccountName = "default";
      }),
      /account/,
    ],
    [
      "a token by default",
      broken((spec) => {
        spec.automountServiceAccountToken = true;
      }),
      /token/,
    ],
    [
      "a debugging container by tag, added to a pod that runs",
      broken((spec, container) => {
        spec.ephemeralContainers = [{ name: "debug", image: "busybox:latest", securityContext: context(container) }];
      }),
      /digest/,
    ],
    [
      "a debugging container that may write to its image",
      broken((spec, container) => {
        const securityContext = { ...context(container), readOnlyRootFilesystem: false };
        spec.ephemeralContainers = [{ name: "debug", image: container.image, securityContext }];
      }),
      /readOnlyRootFilesystem/,
    ],
  ])("refuses %s, which Pod Security lets pass", (_, spec, message) => {
    const { podSecurity, policy } = judge([{ name: "broken", spec }]);
    expect(podSecurity.broken).toEqual([]);
    expect(policy.broken).toEqual([expect.stringMatching(message)]);
  });
});
