import { reviewTrees } from "../review";
import type { JsonObject } from "../tree";
import { aTree } from "../tree/a-tree";

function messages(before: JsonObject | undefined, after: JsonObject): string[] {
  const tree = (object: JsonObject | undefined) => (object ? aTree().withObjects(object) : aTree());
  return reviewTrees(tree(before), tree(after))
    .findings.filter(({ rule }) => rule === "RV-K8S-5")
    .map(({ message, severity }) => `${severity}: ${message.replace(/^.*? (?=opens|holds|no longer|now)/, "")}`);
}

function policy(spec: JsonObject): JsonObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "engine", namespace: "trading" },
    spec: { podSelector: { matchLabels: { app: "engine" } }, policyTypes: ["Ingress", "Egress"], ...spec },
  };
}

const toRange = (cidr: string, port = 5432, more: JsonObject = {}): JsonObject => ({
  egress: [{ to: [{ ipBlock: { cidr, ...more } }], ports: [{ port, protocol: "TCP" }] }],
});
const fromPods = (...labels: JsonObject[]): JsonObject => ({
  ingress: [{ from: labels.map((matchLabels) => ({ podSelector: { matchLabels } })), ports: [{ port: 9000 }] }],
});

describe("a network policy", () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ["a wider range", toRange("10.2.0.0/16"), toRange("10.0.0.0/8"), ["high: opens egress: tcp 5432 to 10.0.0.0/8"]],
    ["a narrower range", toRange("10.0.0.0/8"), toRange("10.2.0.0/16"), []],
    ["another range", toRange("10.2.0.0/16"), toRange("10.3.0.0/16"), ["high: opens egress: tcp 5432 to 10.3.0.0/16"]],
    ["a wider IPv6 range", toRange("fd00:1::/32"), toRange("fd00::/16"), ["high: opens egress: tcp 5432 to fd00::/16"]],
    ["a narrower IPv6 range", toRange("fd00::/16"), toRange("fd00:1::/32"), []],
    ["a hole in a range", toRange("10.0.0.0/8"), toRange("10.0.0.0/8", 5432, { except: ["10.1.0.0/16"] }), []],
    ["a closed hole", toRange("10.0.0.0/8", 5432, { except: ["10.1.0.0/16"] }), toRange("10.0.0.0/8"), ["high: opens egress: tcp 5432 to 10.0.0.0/8"]],
    ["another port", toRange("10.2.0.0/16", 5432), toRange("10.2.0.0/16", 22), ["high: opens egress: tcp 22 to 10.2.0.0/16"]],
    ["fewer labels asked for", fromPods({ app: "api", tier: "edge" }), fromPods({ app: "api" }), ["high: opens ingress: tcp 9000 from pods {app=api}"]],
    ["more labels asked for", fromPods({ app: "api" }), fromPods({ app: "api", tier: "edge" }), []],
    ["no peer any more, which means anyone", fromPods({ app: "api" }), { ingress: [{ ports: [{ port: 9000 }] }] }, ["high: opens ingress: tcp 9000 from anywhere"]],
    ["a direction that is no longer restricted", fromPods(), { policyTypes: ["Ingress"], ingress: [] }, ["critical: no longer restricts egress"]],
    ["another choice of pods", {}, { podSelector: { matchLabels: { app: "other" } } }, ["high: holds for pods {app=other} instead of pods {app=engine}"]],
  ])("with %s", (_, before, after, expected) => {
    expect(messages(policy(before), policy(after))).toEqual(expected);
  }); // biome-ignore format: one case a line

  it("means the same with its peers in one rule or in two", () => {
    const [api, web] = [{ app: "api" }, { app: "web" }];
    const apart = { ingress: [...(fromPods(web).ingress as JsonObject[]), ...(fromPods(api).ingress as JsonObject[])] };
    expect(messages(policy(fromPods(api, web)), policy(apart))).toEqual([]);
  });
});

describe("a role", () => {
  const role = (...rules: JsonObject[]): JsonObject => ({ kind: "Role", metadata: { name: "r" }, rules });
  const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ["a further verb", role(pods), role({ ...pods, verbs: ["get", "delete"] }), ["high: now grants delete core/pods"]],
    ["what a star had covered", role({ ...pods, resources: ["*"] }), role(pods), []],
    ["a star", role(pods), role({ ...pods, verbs: ["*"] }), ["critical: now grants * core/pods"]],
    ["no names any more", role({ ...pods, resourceNames: ["a"] }), role(pods), ["high: now grants get core/pods"]],
    ["a name", role(pods), role({ ...pods, resourceNames: ["a"] }), []],
  ])("with %s", (_, before, after, expected) => {
    expect(messages(before, after)).toEqual(expected);
  }); // biome-ignore format: one case a line

  it("that is new is only a finding when it stands for everything", () => {
    expect(messages(undefined, role(pods))).toEqual([]);
    expect(messages(undefined, role({ apiGroups: ["*"], resources: ["*"], verbs: ["get"] }))).toEqual([
      "critical: now grants get */*",
    ]);
  });
});
