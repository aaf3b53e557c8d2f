import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, runTool } from "@hft/testing";
import Ajv from "ajv";
import { createGenerator } from "ts-json-schema-generator";
import { DASHBOARDS } from ".";
import { renderDashboard } from "./dashboard";

/** Grafana's own types as a schema that forbids what they do not name. */
function grafanaSchema() {
  return createGenerator({
    path: "node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen.d.ts",
    type: "Dashboard",
    tsconfig: "tsconfig.json",
    skipTypeCheck: true,
    additionalProperties: false,
    jsDoc: "none",
  }).createSchema("Dashboard");
}

describe("dashboards", () => {
  const validate = new Ajv({ strict: false }).compile(grafanaSchema());
  const rendered = DASHBOARDS.map((dashboard) => [dashboard.title, renderDashboard(dashboard)] as const);

  it.each(rendered)("%s is valid by Grafana's schema", (_, dashboard) => {
    validate(dashboard);
    expect(validate.errors ?? []).toEqual([]);
  });

  it("would be refused with a field that Grafana does not know", () => {
    expect(validate({ ...rendered[0]![1], refreshh: "5s" })).toBe(false);
  });

  it("have addresses of their own, and panels that do not overlap", () => {
    expect(new Set(DASHBOARDS.map(({ uid }) => uid)).size).toBe(DASHBOARDS.length);
    for (const [, { panels = [] }] of rendered) {
      const places = panels.map(({ gridPos }) => `${gridPos?.x},${gridPos?.y}`);
      expect(new Set(places).size).toBe(panels.length);
    }
  });

  it("are looked at every 5 to 10 seconds; trading has its eight panels", () => {
    expect(DASHBOARDS.map(({ uid, refresh, panels }) => [uid, refresh, panels.length])).toEqual([
      ["hft-frontend", "10s", 6],
      ["hft-trading", "5s", 8],
      ["hft-infrastructure", "10s", 11],
    ]);
  });
});

requires("promtool")("promtool", () => {
  it("parses every query of every panel", () => {
    const folder = mkdtempSync(join(tmpdir(), "queries-"));
    const rules = DASHBOARDS.flatMap(({ uid, panels }) =>
      panels.flatMap(({ queries }, panel) =>
        queries.map(({ expr }, query) => ({ record: `${uid.replaceAll("-", "_")}:${panel}:${query}`, expr })),
      ),
    );
    writeFileSync(join(folder, "queries.json"), JSON.stringify({ groups: [{ name: "queries", rules }] }));
    const { status, output } = runTool("promtool", ["check", "rules", join(folder, "queries.json")]);
    rmSync(folder, { recursive: true });
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining(`${rules.length} rules found`) });
  });
});
