import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { INetworkPolicy, INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1";
import { declaredConnections, EVERYBODY, type KubernetesObject, synthesizeManifests } from "../../charts";
import { environmentInputs, loadEnvironments } from "../../environments";
import { operatorHops, withHops } from "./hops-document";

const environments = loadEnvironments(environmentInputs);
const sites = environments.flatMap((environment) =>
  environment.regions.map(({ name }) => [environment.name, name, environment] as const),
);
const DOCUMENT = readFileSync("docs/certificates.md", "utf8");

interface Row {
  readonly from: readonly string[];
  readonly to: string;
  readonly port: string;
}

/** As a reader finds them: out of the document's text. */
const rows: Row[] = DOCUMENT.split("\n")
  .map((line) => line.split(" | "))
  .filter(([, , port]) => /^(TCP|UDP) \d+$/.test(port ?? ""))
  .map(([from, to, port]) => ({ from: from!.replace("| ", "").split(", "), to: to!, port: port! }));

/** What the rules of rendered policies let through that no row has, `gateway -> anybody TCP 80`. */
function unlisted(objects: readonly KubernetesObject[], nameOf: (peer: INetworkPolicyPeer) => string[]): string[] {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy") as unknown as INetworkPolicy[];
  return policies.flatMap(({ metadata, spec }) => {
    const own = [spec?.podSelector?.matchLabels?.["app.kubernetes.io/name"] ?? `every pod of ${metadata?.namespace}`];
    const incoming = (spec?.ingress ?? []).flatMap(({ from, ports }) => pairs(from, ports, nameOf));
    const outgoing = (spec?.egress ?? []).flatMap(({ to, ports }) => pairs(to, ports, nameOf));
    return [
      ...incoming
        .filter(([others, port]) => !listed(others, own, port))
        .map(([others, port]) => say(others, own, port)),
      ...outgoing
        .filter(([others, port]) => !listed(own, others, port))
        .map(([others, port]) => say(own, others, port)),
    ];
  });
}

type Rule = { readonly port?: unknown; readonly protocol?: string };

const pairs = (
  peers: readonly INetworkPolicyPeer[] = [],
  ports: readonly Rule[] = [],
  nameOf: (peer: INetworkPolicyPeer) => string[],
): [string[], string][] =>
  (peers.length > 0 ? peers.map(nameOf) : [["anybody"]]).flatMap((names) =>
    (ports.length > 0 ? ports.map(({ protocol, port }) => `${protocol ?? "TCP"} ${port}`) : ["any port"]).map(
      (port): [string[], string] => [names, port],
    ),
  );

const listed = (from: readonly string[], to: readonly string[], port: string) =>
  rows.some(
    (row) =>
      row.port === port &&
      to.includes(row.to) &&
      (row.from.includes(EVERYBODY) || row.from.some((name) => from.includes(name))),
  );

const say = (from: readonly string[], to: readonly string[], port: string) => `${from[0]} -> ${to[0]} ${port}`;

/** Names that the platform has for what a policy selects: several may share a range of addresses. */
const namesIn = (environment: (typeof environments)[number], region: string) => {
  const peers = declaredConnections(environment, region).flatMap(({ from, to }) => [from, to]);
  return ({ podSelector, ipBlock }: INetworkPolicyPeer): string[] => {
    const found = peers.filter((peer) =>
      peer.kind === "pods"
        ? podSelector && isDeepStrictEqual({ ...peer.labels }, podSelector.matchLabels)
        : ipBlock && peer.cidrs.includes(ipBlock.cidr),
    );
    const names = found.map(({ name }) => name.replace(/^(engine-entrance)-.*/, "$1"));
    return names.length > 0 ? names : [JSON.stringify(podSelector ?? ipBlock)];
  };
};

describe("the tables of hops in docs/certificates.md", () => {
  it("are what the code says; npm run docs:hops draws them anew", () => {
    expect(withHops(DOCUMENT, environments)).toBe(DOCUMENT);
  });

  it.each(sites)("have everything that a network policy of %s in %s lets through", (_, region, environment) => {
    expect(unlisted(synthesizeManifests(environment, region), namesIn(environment, region))).toEqual([]);
  });

  it("would lack what somebody opens by hand", () => {
    const [, region, environment] = sites[0]!;
    const opened = (spec: INetworkPolicy["spec"]) =>
      unlisted(
        [
          {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "by-hand", namespace: "front" },
            spec,
          },
        ],
        namesIn(environment, region),
      );
    const podSelector = { matchLabels: { "app.kubernetes.io/name": "gateway" } };
    expect(opened({ podSelector, policyTypes: ["Ingress"], ingress: [{}] })).toEqual(["anybody -> gateway any port"]);
    const stranger = { ipBlock: { cidr: "198.51.100.0/24" } };
    expect(opened({ podSelector, egress: [{ to: [stranger], ports: [{ protocol: "TCP", port: 80 }] }] })).toEqual([
      'gateway -> {"cidr":"198.51.100.0/24"} TCP 80',
    ]);
  });

  it("say for each plain hop why, and for each operator that is scraped how", () => {
    const plain = DOCUMENT.split("\n").filter((line) => line.includes(" | no | "));
    expect(plain.length).toBeGreaterThan(5);
    for (const line of plain) expect(line).toMatch(/ \| no \| .{20,} \|$/);
    const scraped = operatorHops(environments[0]!).filter(({ from }) => from === "prometheus");
    expect(scraped.map(({ to }) => to)).toEqual(
      expect.arrayContaining(["cert-manager", "external-secrets", "node-exporter"]),
    );
  });

  it("need their place in the document", () => {
    expect(() => withHops("# Nothing", environments)).toThrow(/has no <!-- hops -->/);
  });
});
