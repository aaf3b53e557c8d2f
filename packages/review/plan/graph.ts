import { type ReferenceName, referencesIn, traversalOf } from "../language";
import type { ResourceConfig, StackConfig } from "../tree";

/** What the nodes of a stack's graph are: resources and data sources by address, `local.x`, `output.x`. */
export interface StackGraph {
  /** So that everything comes after what it refers to. */
  readonly order: readonly string[];
  /** Nodes that wait for each other. */
  readonly cycle: readonly string[];
  /** For each node, the nodes it refers to or depends on. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
}

export function graphOf(stack: StackConfig): StackGraph {
  const edges = new Map<string, readonly string[]>();
  const nodes = nodesOf(stack);
  for (const [name, references] of nodes) {
    edges.set(
      name,
      [...references].filter((reference) => nodes.has(reference) && reference !== name),
    );
  }
  const order = ordered(edges);
  const placed = new Set(order);
  return {
    order,
    cycle: order.length === nodes.size ? [] : [...nodes.keys()].filter((name) => !placed.has(name)),
    edges,
  };
}

function nodesOf(stack: StackConfig): Map<string, Set<ReferenceName>> {
  const nodes = new Map<string, Set<ReferenceName>>();
  const provided = new Map<string, Set<ReferenceName>>();
  for (const [name, config] of stack.providers) provided.set(name, referencesIn(config));
  for (const resource of stack.resources) {
    const references = referencesOf(resource);
    for (const name of provided.get(providerOf(resource)) ?? []) references.add(name);
    nodes.set(resource.address, references);
  }
  for (const [name, value] of Object.entries(stack.locals)) nodes.set(`local.${name}`, referencesIn(value));
  for (const [name, output] of Object.entries(stack.outputs)) nodes.set(`output.${name}`, referencesIn(output));
  return nodes;
}

/** The key of the provider block that serves a resource: `aws` or `aws.<alias>`. */
export function providerOf(resource: ResourceConfig): string {
  return resource.provider ?? resource.type.split("_", 1)[0]!;
}

function referencesOf(resource: ResourceConfig): Set<ReferenceName> {
  const found = referencesIn([resource.body, resource.count ?? null, resource.forEach ?? null]);
  for (const text of [...resource.dependsOn, ...resource.lifecycle.replaceTriggeredBy]) found.add(nameIn(text));
  return found;
}

function nameIn(text: string): ReferenceName {
  try {
    return traversalOf(text).name;
  } catch {
    return text;
  }
}

function ordered(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [name, references] of edges) {
    waiting.set(name, references.length);
    for (const reference of references) {
      const list = dependents.get(reference);
      if (list) list.push(name);
      else dependents.set(reference, [name]);
    }
  }
  const order = [...edges.keys()].filter((name) => waiting.get(name) === 0);
  for (let at = 0; at < order.length; at++) {
    for (const dependent of dependents.get(order[at]!) ?? []) {
      const left = waiting.get(dependent)! - 1;
      waiting.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}
