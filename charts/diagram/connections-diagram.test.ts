import { readFileSync } from "node:fs";
import { declaredConnections } from "../platform";
import { environmentNamed } from "../testing/every-site";
import { drawConnections, listConnections, withConnections } from "./connections-diagram";

const connections = declaredConnections(environmentNamed("production"), "eu-west-1");

describe("the diagram of connections", () => {
  it("in docs/kubernetes.md is what the code declares; npm run docs:connections draws it anew", () => {
    const document = readFileSync("docs/kubernetes.md", "utf8");
    expect(withConnections(document, connections)).toBe(document);
  });

  it("shows who reaches the engine", () => {
    const arrows = drawConnections(connections)
      .split("\n")
      .filter((line) => line.includes("| engine"));
    expect(arrows).toEqual([
      "  engine -->|TCP 7400| engine_entrance_eu_central_1",
      "  engine_entrance_eu_west_1 -->|TCP 7400| engine",
      "  engine_entrance_eu_west_1 -->|TCP 7443| engine",
      "  gateway -->|TCP 7443| engine",
      "  gateway -->|TCP 7443| engine_entrance_eu_central_1",
    ]);
  });

  it("lists every connection with its purpose", () => {
    const rows = listConnections(connections).split("\n").slice(2);
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) expect(row).toMatch(/^\| \S+ \| \S+ \| (TCP|UDP) \d+ \| .{4,} \|$/);
  });

  it("needs its place in the document", () => {
    expect(() => withConnections("# Nothing", connections)).toThrow(/has no <!-- connections -->/);
  });
});
