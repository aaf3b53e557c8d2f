export interface MemorySample {
  readonly seconds: number;
  readonly rssMiB: number;
}

const [WIDTH, HEIGHT, MARGIN] = [720, 260, 48];
const GRID_LINES = 4;

/** Memory over time as an SVG that reads on light and dark pages. */
export function memoryGraph(samples: readonly MemorySample[], title: string): string {
  const seconds = Math.max(1, ...samples.map((sample) => sample.seconds));
  const step = 2 ** Math.ceil(Math.log2(Math.max(...samples.map(({ rssMiB }) => rssMiB)) / GRID_LINES));
  const top = step * GRID_LINES;
  const x = (at: number) => MARGIN + (at / seconds) * (WIDTH - 2 * MARGIN);
  const y = (rssMiB: number) => HEIGHT - MARGIN - (rssMiB / top) * (HEIGHT - 2 * MARGIN);
  const grid = Array.from({ length: GRID_LINES + 1 }, (_, line) => {
    const height = y(line * step).toFixed(1);
    return `<path d="M${MARGIN} ${height}H${WIDTH - MARGIN}" class="grid"/><text x="${MARGIN - 6}" y="${height}" class="left">${line * step}</text>`;
  });
  const path = samples.map(
    (sample, index) => `${index === 0 ? "M" : "L"}${x(sample.seconds).toFixed(1)} ${y(sample.rssMiB).toFixed(1)}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Resident memory over time: ${title}">
<style>text{font:11px system-ui,sans-serif;fill:#7d8590}.left{text-anchor:end;dominant-baseline:middle}.grid{stroke:#7d859055;fill:none}.line{stroke:#2f81f7;stroke-width:1.5;fill:none}</style>
<text x="${MARGIN}" y="24">Resident memory, MiB: ${title}</text>
${grid.join("\n")}
<path class="line" d="${path.join("")}"/>
<text x="${MARGIN}" y="${HEIGHT - 20}">0 s</text><text x="${WIDTH - MARGIN}" y="${HEIGHT - 20}" class="left">${Math.round(seconds)} s</text>
</svg>
`;
}
