import ElkConstructor from "elkjs/lib/elk.bundled.js";
import type { ELK, ElkNode } from "elkjs/lib/elk-api";
import type { StackReport } from "./report";
import { actionsText } from "./wording";

const NODE_HEIGHT = 52;
const CHARACTER_WIDTH = 7.4;
const NODE_PADDING = 28;

/** The stacks and what each needs, laid out by layers from left to right, as inline SVG. */
export async function stackGraph(stacks: readonly StackReport[]): Promise<string> {
  if (stacks.length === 0) return "";
  const shown = new Set(stacks.map(({ name }) => name));
  const graph: ElkNode = {
    id: "stacks",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": "48",
      "elk.spacing.nodeNode": "14",
    },
    children: stacks.map((stack) => ({ id: stack.name, width: widthOf(stack), height: NODE_HEIGHT })),
    edges: stacks.flatMap((stack) =>
      [...new Set(stack.needs)]
        .filter((need) => shown.has(need))
        .map((need) => ({ id: `${need}→${stack.name}`, sources: [need], targets: [stack.name] })),
    ),
  };
  const elk: ELK = new ElkConstructor();
  const layout = await elk.layout(graph);
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const edges = (layout.edges ?? [])
    .flatMap((edge) => edge.sections ?? [])
    .map((section) => {
      const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
      return `<polyline points="${points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ")}" marker-end="url(#tip)"/>`;
    });
  const nodes = (layout.children ?? []).map((node) => nodeSvg(node, byName.get(node.id)!));
  return [
    `<svg class="graph" role="img" aria-label="Stacks in the order of their deployment" viewBox="-4 -4 ${round(layout.width!) + 8} ${round(layout.height!) + 8}" style="max-width:${round(layout.width!)}px">`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z"/></marker></defs>`,
    `<g class="edges">${edges.join("")}</g>`,
    ...nodes,
    "</svg>",
  ].join("\n");
}

function widthOf(stack: StackReport): number {
  return Math.max(stack.name.length, actionsText(stack.actions).length) * CHARACTER_WIDTH + NODE_PADDING;
}

function nodeSvg(node: ElkNode, stack: StackReport): string {
  const { delete: deleted, replace, update, create } = stack.actions;
  const state =
    deleted + replace > 0
      ? "destructive"
      : update + create > 0
        ? "changed"
        : stack.status === "unchanged"
          ? "unchanged"
          : "changed";
  const [x, y] = [round(node.x!), round(node.y!)];
  const name = stack.name.replace(/[<>&"]/g, "");
  return [
    `<a href="#${encodeURIComponent(stack.name)}"><g class="${state}" transform="translate(${x},${y})">`,
    `<rect width="${round(node.width!)}" height="${node.height}" rx="8"/>`,
    `<text x="14" y="21" class="name">${name}</text><text x="14" y="39">${stack.status === "unchanged" ? "unchanged" : actionsText(stack.actions)}</text>`,
    "</g></a>",
  ].join("");
}

function round(pixels: number): number {
  return Math.round(pixels);
}
