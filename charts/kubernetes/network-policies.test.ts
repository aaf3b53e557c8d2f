import { declaredConnections, synthesizeManifests } from "../platform";
import { EVERY_SITE, environmentNamed } from "../testing/every-site";
import { type Endpoint, mayConnect, workloadEndpoints } from "../testing/reachability";
import type { Connection, Peer } from "./connections";

/** Somebody of every kind that is not a workload of the platform. */
const STRANGERS: readonly Endpoint[] = [
  { name: "a pod of another namespace", namespace: "default", labels: { "app.kubernetes.io/name": "gateway" } },
  { name: "a pod without labels in trading", namespace: "trading", labels: {} },
  { name: "cluster-dns", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  { name: "prometheus", namespace: "monitoring", labels: { "app.kubernetes.io/name": "prometheus" } },
  { name: "an address in the region's network", address: "10.10.100.7" },
  { name: "an address of the engine's entrance", address: "10.10.225.7" },
  { name: "an address of the other region's entrance", address: "10.20.225.7" },
  { name: "a pod of the other region", address: "10.20.3.7" },
  { name: "an address of Cloudflare", address: "104.16.5.5" },
  { name: "an address in the internet", address: "8.8.8.8" },
  { name: "the nodes' metadata", address: "169.254.169.254" },
  { name: "the pod identity agent", address: "169.254.170.23" },
];

const contains = (peer: Peer, endpoint: Endpoint): boolean => {
  if (peer.kind === "pods") {
    return (
      "labels" in endpoint &&
      endpoint.namespace === peer.namespace &&
      Object.entries(peer.labels).every(([key, value]) => endpoint.labels[key] === value)
    );
  }
  if ("labels" in endpoint) return false;
  const inside = (cidr: string) => withinRange(endpoint.address, cidr);
  return peer.cidrs.some(inside) && !(peer.except ?? []).some(inside);
};

/** By prefix of the binary address: another way than the one under test. */
function withinRange(address: string, cidr: string): boolean {
  const bits = (text: string) =>
    text
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  const [base, length] = cidr.split("/") as [string, string];
  return bits(address).startsWith(bits(base).slice(0, Number(length)));
}

describe.each(EVERY_SITE)("network policies of %s", (_, environment, region) => {
  const objects = synthesizeManifests(environment, region);
  const connections = declaredConnections(environment, region);
  const workloads = workloadEndpoints(objects);
  const everybody = [...workloads, ...STRANGERS];
  const ports = [...new Map(connections.map(({ port }) => [`${port.protocol}/${port.number}`, port])).values()];

  it("let through what is declared, and nothing else", () => {
    const declared = (from: Endpoint, to: Endpoint, port: Connection["port"]) =>
      connections.some(
        (connection) =>
          connection.port.number === port.number &&
          connection.port.protocol === port.protocol &&
          contains(connection.from, from) &&
          contains(connection.to, to),
      );
    const differences = everybody.flatMap((from) =>
      everybody
        // Two strangers are nobody's business here.
        .filter((to) => workloads.includes(from as never) || workloads.includes(to as never))
        .flatMap((to) =>
          ports
            .filter((port) => mayConnect(objects, from, to, port.number, port.protocol) !== declared(from, to, port))
            .map((port) => `${from.name} -> ${to.name} ${port.protocol}/${port.number}`),
        ),
    );
    expect(differences).toEqual([]);
    expect(ports.length).toBeGreaterThan(8);
  });

  it("give every workload a policy of its own", () => {
    const named = objects.filter(({ kind }) => kind === "NetworkPolicy").map(({ metadata }) => metadata.name);
    expect(workloads.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe("the matrix of who may reach whom in production", () => {
  const objects = synthesizeManifests(environmentNamed("production"), "eu-west-1");
  const everybody: readonly Endpoint[] = [...workloadEndpoints(objects), ...STRANGERS];
  const whoReaches = (name: string, port: number) => {
    const target = everybody.find((endpoint) => endpoint.name === name)!;
    return everybody
      .filter((endpoint) => mayConnect(objects, endpoint, target, port))
      .map((endpoint) => endpoint.name)
      .sort();
  };

  it("lets only the gateway send orders to the engine, and Prometheus read its metrics", () => {
    expect(whoReaches("engine", 7443)).toEqual(["an address of the engine's entrance", "gateway", "prometheus"]);
    expect(whoReaches("an address of the other region's entrance", 7443)).toContain("gateway");
    expect(whoReaches("an address of the other region's entrance", 7443)).not.toContain("engine");
  });

  it("lets the engines of two regions replicate through their entrances, and nobody else", () => {
    expect(whoReaches("engine", 7400)).toEqual(["an address of the engine's entrance"]);
    expect(whoReaches("an address of the other region's entrance", 7400)).toContain("engine");
    expect(whoReaches("a pod of the other region", 7400)).not.toContain("engine");
  });

  it("lets the two engines of one region replicate to each other, and nobody else", () => {
    const hybrid = synthesizeManifests(environmentNamed("hybrid"), "eu-west-2");
    const endpoints: readonly Endpoint[] = [...workloadEndpoints(hybrid), ...STRANGERS];
    const engine = endpoints.find(({ name }) => name === "engine")!;
    expect(endpoints.filter((endpoint) => mayConnect(hybrid, endpoint, engine, 7400)).map(({ name }) => name)).toEqual([
      "engine",
    ]);
  });

  it("opens the gateway to the load balancer's addresses, not to the internet", () => {
    expect(whoReaches("gateway", 8443)).toEqual(
      expect.arrayContaining(["an address in the region's network", "an address of Cloudflare"]),
    );
    expect(whoReaches("gateway", 8443)).not.toContain("an address in the internet");
  });

  it("lets the frontend and the probes out to the internet, and nothing that trades", () => {
    const out = whoReaches("an address in the internet", 443);
    expect(out).toEqual(expect.arrayContaining(["blackbox-exporter", "frontend"]));
    expect(out.filter((name) => ["engine", "migration", "gateway"].includes(name))).toEqual([]);
  });

  it("keeps every pod of the platform from the nodes' metadata", () => {
    const ours = ["engine", "frontend", "gateway", "a pod without labels in trading"];
    expect(whoReaches("the nodes' metadata", 80).filter((name) => ours.includes(name))).toEqual([]);
  });

  it("would notice a policy that is too open", () => {
    const opened = [...objects, openPolicy()];
    const [frontend, engine] = ["frontend", "engine"].map((name) => everybody.find((each) => each.name === name)!);
    expect(mayConnect(objects, engine!, frontend!, 3443)).toBe(false);
    expect(mayConnect(opened, { name: "prober", namespace: "default", labels: {} }, engine!, 7443)).toBe(true);
  });
});

function openPolicy() {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "open", namespace: "trading" },
    spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
  };
}
