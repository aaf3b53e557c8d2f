import { lineChart } from ".";

type Point = readonly [number, number];

const TEXT = { title: "reads < writes & more", x: "resources", y: (ms: number) => `${ms} ms` };
const coordinates = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]): Point => [Number(x), Number(y)]);

describe("a chart of results", () => {
  const svg = lineChart(TEXT, [
    {
      name: "one VPC",
      colour: "#1463b8",
      points: [
        { x: 100, y: 5 },
        { x: 200, y: 10 },
        { x: 400, y: 20 },
      ],
    },
    {
      colour: "#bbb",
      isReference: true,
      points: [
        { x: 0, y: 0 },
        { x: 400, y: 20 },
      ],
    },
  ]);

  it("shows what doubles as twice as far, in both directions and from the same corner", () => {
    const [[x1, y1], [x2, y2], [x3, y3]] = coordinates(svg) as [Point, Point, Point];
    const [left, bottom] = /<path d="M(\d+) \d+V(\d+)H/.exec(svg)!.slice(1).map(Number) as [number, number];
    expect([x2 - left, bottom - y2]).toEqual([2 * (x1 - left), 2 * (bottom - y1)]);
    expect([x3 - left, bottom - y3]).toEqual([4 * (x1 - left), 4 * (bottom - y1)]);
  });

  it("has a dot for what was measured, and none for what it is compared with", () => {
    expect(coordinates(svg)).toHaveLength(3);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
    expect(svg).toContain("<title>200 resources: 10 ms</title>");
  });

  it("names the series that have a name, what it is about, and where both directions end", () => {
    expect(svg.match(/<text [^>]*>[^<]*/g)!.map((text) => text.replace(/.*>/, ""))).toEqual([
      "reads &lt; writes &amp; more",
      "resources",
      "400",
      "20 ms",
      "one VPC",
    ]);
  });
});
