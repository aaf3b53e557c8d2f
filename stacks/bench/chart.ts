import type { GrowthPoint } from "./growth";

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = 56;

/** Draws wall time over resources, with the straight line through the origin and the last point for comparison. */
export function growthChart(points: readonly GrowthPoint[]): string {
  const last = points.at(-1)!;
  const x = (resources: number) => MARGIN + (resources / last.resources) * (WIDTH - 2 * MARGIN);
  const y = (wallMs: number) =>
    HEIGHT - MARGIN - (wallMs / Math.max(...points.map((point) => point.wallMs))) * (HEIGHT - 2 * MARGIN);
  const text = (px: number, py: number, content: string, anchor = "middle") =>
    `<text x="${px.toFixed(0)}" y="${py.toFixed(0)}" text-anchor="${anchor}">${content}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<path d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#888"/>`,
    `<path d="M${x(0)} ${y(0)}L${x(last.resources)} ${y(last.wallMs)}" stroke="#bbb" stroke-dasharray="4"/>`,
    `<path d="M${points.map((point) => `${x(point.resources).toFixed(1)} ${y(point.wallMs).toFixed(1)}`).join("L")}" fill="none" stroke="#1463b8" stroke-width="2"/>`,
    ...points.map(
      (point) =>
        `<circle cx="${x(point.resources).toFixed(1)}" cy="${y(point.wallMs).toFixed(1)}" r="3" fill="#1463b8"><title>${point.resources} resources: ${point.wallMs} ms</title></circle>`,
    ),
    text(WIDTH / 2, HEIGHT - 16, "resources"),
    text(x(last.resources), HEIGHT - MARGIN + 18, String(last.resources)),
    text(MARGIN, MARGIN - 12, "ms", "end"),
    text(MARGIN - 6, y(last.wallMs) + 4, String(last.wallMs), "end"),
    text(WIDTH / 2, 24, "Synthesis of copies of production, construct to checked files (dashed: linear)"),
    "</svg>",
    "",
  ].join("\n");
}
