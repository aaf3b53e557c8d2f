import type { Connection, Peer } from "../kubernetes/connections";

/** What every workload is connected to; drawn, it would hide the rest. The table has it. */
const EVERYWHERE = ["cluster-dns", "prometheus", "pod-identity-agent"];

const BEGIN = "<!-- connections -->";
const END = "<!-- /connections -->";

const id = ({ name }: Peer) => name.replace(/[^a-z0-9]/g, "_");
const place = (peer: Peer) => (peer.kind === "pods" ? peer.namespace : "");
const portOf = ({ port }: Connection) => `${port.protocol} ${port.number}`;

/** The declared connections as a Mermaid flowchart, one box a namespace. */
export function drawConnections(connections: readonly Connection[]): string {
  const drawn = connections.filter(({ from, to }) => ![from.name, to.name].some((name) => EVERYWHERE.includes(name)));
  const peers = [...new Map(drawn.flatMap(({ from, to }) => [from, to]).map((peer) => [id(peer), peer])).values()];
  const namespaces = [...new Set(peers.map(place))].filter(Boolean).sort();
  const boxes = namespaces.flatMap((namespace) => [
    `  subgraph ${namespace.replaceAll("-", "_")}["${namespace}"]`,
    ...peers.filter((peer) => place(peer) === namespace).map((peer) => `    ${id(peer)}["${peer.name}"]`),
    "  end",
  ]);
  const outside = peers.filter((peer) => !place(peer)).map((peer) => `  ${id(peer)}(["${peer.name}"])`);
  const arrows = drawn.map((connection) => `  ${id(connection.from)} -->|${portOf(connection)}| ${id(connection.to)}`);
  return ["```mermaid", "flowchart LR", ...boxes, ...outside, ...[...new Set(arrows)].sort(), "```"].join("\n");
}

/** All of them, with what they are for. */
export function listConnections(connections: readonly Connection[]): string {
  const rows = connections.map(
    (connection) =>
      `| ${connection.from.name} | ${connection.to.name} | ${portOf(connection)} | ${connection.purpose} |`,
  );
  return ["| From | To | Port | What for |", "|---|---|---|---|", ...[...new Set(rows)].sort()].join("\n");
}

/** A document with its generated part drawn anew. */
export function withConnections(document: string, connections: readonly Connection[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} … ${END}; add both lines`);
  const part = [BEGIN, drawConnections(connections), "", listConnections(connections), ""].join("\n");
  return `${document.slice(0, begin)}${part}${document.slice(end)}`;
}
