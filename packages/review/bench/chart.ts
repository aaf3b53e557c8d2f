const WIDTH = 720;
const HEIGHT = 340;
const MARGIN = 60;

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { readonly resources: number; readonly ms: number }[];
}

/** Time over resources, one line a series, as SVG. */
export function growthChart(title: string, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const [most, longest] = [Math.max(...all.map(({ resources }) => resources)), Math.max(...all.map(({ ms }) => ms))];
  const x = (resources: number): string => (MARGIN + (resources / most) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (ms: number): string => (HEIGHT - MARGIN - (ms / longest) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const label = (px: string | number, py: string | number, text: string, anchor = "middle"): string =>
    `<text x="${px}" y="${py}" text-anchor="${anchor}">${text}</text>`;
  const lines = series.map(({ colour, points }) => {
    const path = points.map((point) => `${x(point.resources)} ${y(point.ms)}`).join("L");
    const dots = points.map(
      (point) => `<circle cx="${x(point.resources)}" cy="${y(point.ms)}" r="3" fill="${colour}"/>`,
    );
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<path d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#888"/>`,
    ...lines,
    label(WIDTH / 2, 24, title),
    label(WIDTH / 2, HEIGHT - 14, "resources in each of the two trees"),
    label(x(most), HEIGHT - MARGIN + 18, String(most)),
    label(MARGIN - 6, y(longest), `${(longest / 1000).toFixed(1)} s`, "end"),
    ...series.map(
      ({ name, colour }, at) => `<text x="${MARGIN + 14}" y="${MARGIN + 10 + at * 18}" fill="${colour}">${name}</text>`,
    ),
    "</svg>",
    "",
  ].join("\n");
}
