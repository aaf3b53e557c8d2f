import { parser } from "@prometheus-io/lezer-promql";

/** A metric that an expression asks for, with the labels by which it selects. */
export interface Selection {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What an expression asks for, found by Prometheus' own grammar. */
export function selectionsOf(expr: string): Selection[] {
  const found: { metric: string; labels: string[] }[] = [];
  parser.parse(expr).iterate({
    enter(node) {
      const text = expr.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${expr}`);
      if (node.name === "Identifier" && node.node.parent?.name === "VectorSelector")
        found.push({ metric: text, labels: [] });
      if (node.name === "LabelName" && node.node.parent?.name === "UnquotedLabelMatcher")
        found.at(-1)?.labels.push(text);
    },
  });
  return found;
}
