const WIDTH = 720;
const HEIGHT = 340;
const MARGIN = 60;
const LEGEND_ROW = 18;

export interface ChartSeries {
  /** Shown beside the chart. @default not shown */
  readonly name?: string;
  readonly colour: string;
  /** Dashed and without dots: a line to compare with. @default false */
  readonly isReference?: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ChartText {
  readonly title: string;
  /** What grows to the right. */
  readonly x: string;
  /** How a value is written, with its unit. */
  readonly y: (value: number) => string;
}

/** What was measured over what it grows with, both from zero, as an SVG for documents: one line a series. */
export function lineChart(text: ChartText, series: readonly ChartSeries[]): string {
  const points = series.flatMap((each) => each.points);
  const [right, top] = [Math.max(...points.map(({ x }) => x)), Math.max(...points.map(({ y }) => y))];
  const x = (value: number) => MARGIN + (value / right) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN);
  const named = series.filter(({ name }) => name !== undefined);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<path d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#888"/>`,
    ...series.map((each) => drawn(each, text, x, y)),
    label(WIDTH / 2, 24, text.title),
    label(WIDTH / 2, HEIGHT - 14, text.x),
    label(x(right), HEIGHT - MARGIN + 18, String(right)),
    label(MARGIN - 6, y(top) + 4, text.y(top), "end"),
    ...named.map(({ name, colour }, row) =>
      label(MARGIN + 14, MARGIN + 10 + row * LEGEND_ROW, name!, "start", ` fill="${colour}"`),
    ),
    "</svg>",
    "",
  ].join("\n");
}

type Scale = (value: number) => number;

function drawn({ colour, isReference, points }: ChartSeries, text: ChartText, x: Scale, y: Scale): string {
  const path = points.map((point) => `${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join("L");
  const line = `<path d="M${path}" fill="none" stroke="${colour}"${isReference ? ' stroke-dasharray="4"' : ' stroke-width="2"'}/>`;
  if (isReference) return line;
  const dots = points.map(
    (point) =>
      `<circle cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="3" fill="${colour}">` +
      `<title>${escaped(`${point.x} ${text.x}: ${text.y(point.y)}`)}</title></circle>`,
  );
  return [line, ...dots].join("");
}

function label(x: number, y: number, content: string, anchor = "middle", more = ""): string {
  return `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
