import { containsRange, overlaps } from "@hft/toolkit";
import { at } from "../kubernetes";
import { isJsonObject, type Json, type JsonObject } from "../tree";

/**
 * What a NetworkPolicy lets through, one peer and one port at a time; an absent part means every one.
 * Source of the rules: the NetworkPolicy API, https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface Opening {
  readonly direction: Direction;
  readonly peer?: Peer;
  readonly port?: Port;
}

export const DIRECTIONS = ["ingress", "egress"] as const;
export type Direction = (typeof DIRECTIONS)[number];

type Peer =
  | { readonly range: string; readonly except: readonly string[] }
  /** An absent list of namespaces means the policy's own; each text is a requirement, none of them means all. */
  | { readonly namespaces?: readonly string[]; readonly pods: readonly string[] };

interface Port {
  readonly protocol: string;
  /** An absent one means every port of the protocol. */
  readonly from?: number | string;
  readonly to?: number | string;
}

/** Whether the policy says anything about a direction; what it says nothing about it does not restrict. */
export function restricts(policy: JsonObject, direction: Direction): boolean {
  const types = at(policy, "spec", "policyTypes");
  if (Array.isArray(types)) return types.some((type) => String(type).toLowerCase() === direction);
  return direction === "ingress" || at(policy, "spec", "egress") !== undefined;
}

export function openingsOf(policy: JsonObject, direction: Direction): Opening[] {
  return objectsAt(policy, "spec", direction).flatMap((rule) => {
    const peers = objectsAt(rule, direction === "ingress" ? "from" : "to").map(peerOf);
    const ports = objectsAt(rule, "ports").map(portOf);
    return orEvery(peers).flatMap((peer) =>
      orEvery(ports).map((port) => ({ direction, ...(peer && { peer }), ...(port && { port }) })),
    );
  });
}

export function covers(wide: Opening, narrow: Opening): boolean {
  return (
    wide.direction === narrow.direction && coversPeer(wide.peer, narrow.peer) && coversPort(wide.port, narrow.port)
  );
}

/** `tcp 5432 to 10.20.0.0/16`. */
export function openingText({ direction, peer, port }: Opening): string {
  return `${portText(port)} ${direction === "ingress" ? "from" : "to"} ${peerText(peer)}`;
}

/** The requirements of a label selector, each as a text; none of them selects everything. */
export function requirementsOf(selector: Json | undefined): string[] {
  const labels = at(selector, "matchLabels");
  const pairs = isJsonObject(labels) ? Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`) : [];
  const expressions = objectsAt(selector, "matchExpressions").map(({ key, operator, values }) => {
    const list = Array.isArray(values) ? ` (${values.map(String).sort().join(", ")})` : "";
    return `${String(key)} ${String(operator)}${list}`;
  });
  return [...pairs, ...expressions].sort();
}

export function selectionText(requirements: readonly string[], things: string): string {
  return requirements.length === 0 ? `all ${things}` : `${things} {${requirements.join(", ")}}`;
}

function objectsAt(json: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const list = at(json, ...path);
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function orEvery<T>(list: readonly T[]): readonly (T | undefined)[] {
  return list.length === 0 ? [undefined] : list;
}

function peerOf(peer: JsonObject): Peer {
  const except = at(peer, "ipBlock", "except");
  if (peer.ipBlock !== undefined)
    return { range: String(at(peer, "ipBlock", "cidr")), except: Array.isArray(except) ? except.map(String) : [] };
  return {
    pods: requirementsOf(peer.podSelector),
    ...(peer.namespaceSelector !== undefined && { namespaces: requirementsOf(peer.namespaceSelector) }),
  };
}

function portOf({ protocol, port, endPort }: JsonObject): Port {
  const from = typeof port === "number" || typeof port === "string" ? port : undefined;
  const to = typeof endPort === "number" ? endPort : from;
  return { protocol: String(protocol ?? "TCP"), ...(from !== undefined && { from, to: to! }) };
}

function coversPeer(wide: Peer | undefined, narrow: Peer | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  if ("range" in wide !== "range" in narrow) return false;
  if ("range" in wide && "range" in narrow) {
    const kept = (hole: string): boolean =>
      !overlaps(hole, narrow.range) || narrow.except.some((other) => containsRange(other, hole));
    return containsRange(wide.range, narrow.range) && wide.except.every(kept);
  }
  const [outer, inner] = [wide, narrow] as [Exclude<Peer, { range: string }>, Exclude<Peer, { range: string }>];
  const sameNamespaces =
    outer.namespaces === undefined
      ? inner.namespaces === undefined
      : inner.namespaces === undefined
        ? outer.namespaces.length === 0
        : selectsAll(outer.namespaces, inner.namespaces);
  return sameNamespaces && selectsAll(outer.pods, inner.pods);
}

/** Fewer requirements select more. */
function selectsAll(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide.every((requirement) => narrow.includes(requirement));
}

function coversPort(wide: Port | undefined, narrow: Port | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined || wide.protocol !== narrow.protocol) return false;
  if (wide.from === undefined) return true;
  if (typeof wide.from === "string" || typeof narrow.from !== "number") return wide.from === narrow.from;
  return wide.from <= narrow.from && Number(wide.to) >= Number(narrow.to);
}

function portText(port: Port | undefined): string {
  if (port === undefined) return "every port";
  const protocol = port.protocol.toLowerCase();
  if (port.from === undefined) return `every ${protocol} port`;
  return `${protocol} ${port.from === port.to ? port.from : `${port.from}-${port.to}`}`;
}

function peerText(peer: Peer | undefined): string {
  if (peer === undefined) return "anywhere";
  if ("range" in peer) return peer.range + (peer.except.length > 0 ? ` without ${peer.except.join(", ")}` : "");
  const pods = selectionText(peer.pods, "pods");
  return peer.namespaces === undefined ? pods : `${pods} of ${selectionText(peer.namespaces, "namespaces")}`;
}
