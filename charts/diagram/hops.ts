import type { IPodSpec, IProbe } from "kubernetes-models/v1";
import type { Connection } from "../kubernetes/connections";
import type { KubernetesObject } from "../kubernetes/manifest";
import { outsideTls, type Protection, plain } from "../kubernetes/protection";

/** From somebody to somebody, and whether what is said can be read or forged on the way. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  /** `TCP 7443` */
  readonly port: string;
  readonly protection: Protection;
}

/** What network policies let through. */
export function policyHops(connections: readonly Connection[]): Hop[] {
  return connections.map(({ from, to, port, protection }) => ({
    from: from.name,
    to: to.name,
    port: `${port.protocol} ${port.number}`,
    protection,
  }));
}

/** Kubernetes, "Network Policies": traffic from a pod's own node is always let through. */
const PROBED_BY_TLS = outsideTls(
  "the pod presents its certificate, which the kubelet does not verify; the answer is only its health",
);
const PROBED_PLAIN = plain("only health checks from the pod's own node");

/** What the kubelet asks, which no policy can forbid. */
export function probeHops(objects: readonly KubernetesObject[]): Hop[] {
  return objects.flatMap(({ metadata, spec }) => {
    const pod = (spec as { template?: { spec?: IPodSpec } } | undefined)?.template?.spec;
    const hops = (pod?.containers ?? []).flatMap((container) =>
      [container.startupProbe, container.livenessProbe, container.readinessProbe].flatMap((probe) => {
        const port = probe && portOf(probe, container.ports ?? []);
        if (!probe?.httpGet || !port) return [];
        const protection = probe.httpGet.scheme === "HTTPS" ? PROBED_BY_TLS : PROBED_PLAIN;
        return [{ from: "kubelet", to: metadata.name, port: `TCP ${port}`, protection }];
      }),
    );
    return [...new Map(hops.map((hop) => [hop.port, hop])).values()];
  });
}

function portOf({ httpGet }: IProbe, ports: readonly { name?: string; containerPort: number }[]) {
  const { port } = httpGet ?? {};
  return typeof port === "number" ? port : ports.find(({ name }) => name === port)?.containerPort;
}

const WORDS: Readonly<Record<Protection["kind"], string>> = {
  internal: "internal",
  outside: "yes",
  plain: "no",
  "not known": "not known",
};

function proofOf(protection: Protection): string {
  if (protection.kind === "internal") {
    const { shown, callerProves } = protection;
    return `\`${shown.name}\`${callerProves ? `; the caller: ${callerProves}` : ""}`;
  }
  return protection.kind === "outside" ? protection.proof : protection.reason;
}

/**
 * A table with a row for each place that is called: who may, on which port, and how that is protected.
 * @param everybody names of all workloads, where they would be too many to list
 */
export function hopTable(hops: readonly Hop[], everybody: readonly string[] = []): string {
  const rows = new Map<string, { callers: Set<string>; cells: string }>();
  for (const { from, to, port, protection } of hops) {
    const cells = `${to} | ${port} | ${WORDS[protection.kind]} | ${proofOf(protection)}`;
    const row = rows.get(cells) ?? { callers: new Set(), cells };
    rows.set(cells, row);
    row.callers.add(from);
  }
  const lines = [...rows.values()].map(({ callers, cells }) => {
    const isEverybody = everybody.length > 0 && everybody.every((name) => callers.has(name));
    return `| ${isEverybody ? EVERYBODY : [...callers].sort().join(", ")} | ${cells} |`;
  });
  return [
    "| From | To | Port | TLS | Certificates and credentials, or why there is no TLS |",
    "|---|---|---|---|---|",
    ...lines.sort(),
  ].join("\n");
}

/** Stands for every workload of the platform. */
export const EVERYBODY = "every pod";
