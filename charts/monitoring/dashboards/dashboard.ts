import type { Dashboard, DataSourceRef, Panel } from "@grafana/schema";

interface Query {
  readonly expr: string;
  /** Names the line; may use labels, `{{stage}}`. */
  readonly legend: string;
}

/** Units by Grafana's ids. */
const UNITS = {
  seconds: "s",
  perSecond: "reqps",
  ratio: "percentunit",
  count: "short",
  bytes: "bytes",
  bytesPerSecond: "Bps",
  days: "d",
} as const;

/** One question that a person asks of the platform. */
export interface PanelSpec {
  readonly title: string;
  /** What a good answer looks like, and what a bad one means. */
  readonly description: string;
  readonly unit: keyof typeof UNITS;
  readonly queries: readonly Query[];
  /** @default a line over time */
  readonly as?: "timeseries" | "stat";
  /** From here on it is drawn in red. */
  readonly limit?: number;
}

export interface DashboardSpec {
  /** Part of its address, so that links survive. */
  readonly uid: string;
  readonly title: string;
  readonly refresh: "5s" | "10s";
  readonly panels: readonly PanelSpec[];
}

const COLUMNS = 24;
const PANEL_WIDTH = 12;
const PANEL_HEIGHT = 8;
/** Version of Grafana's dashboard model; older files are migrated when they are opened. */
const SCHEMA_VERSION = 41;
const PROMETHEUS: DataSourceRef = { type: "prometheus", uid: "prometheus" };

/** As Grafana stores it: panels side by side, in the order given. */
export function renderDashboard({ uid, title, refresh, panels }: DashboardSpec): Dashboard {
  return {
    uid,
    title,
    refresh,
    schemaVersion: SCHEMA_VERSION,
    tags: ["hft-platform"],
    timezone: "utc",
    editable: false,
    graphTooltip: 1,
    time: { from: "now-1h", to: "now" },
    panels: panels.map(renderPanel),
  };
}

function renderPanel(panel: PanelSpec, index: number): Panel {
  const perRow = COLUMNS / PANEL_WIDTH;
  return {
    id: index + 1,
    type: panel.as ?? "timeseries",
    title: panel.title,
    description: panel.description,
    datasource: PROMETHEUS,
    gridPos: {
      x: (index % perRow) * PANEL_WIDTH,
      y: Math.floor(index / perRow) * PANEL_HEIGHT,
      w: PANEL_WIDTH,
      h: PANEL_HEIGHT,
    },
    targets: panel.queries.map(({ expr, legend }, query) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + query),
      datasource: PROMETHEUS,
      expr,
      legendFormat: legend,
    })),
    fieldConfig: { defaults: { unit: UNITS[panel.unit], ...thresholds(panel.limit) }, overrides: [] },
    options: panel.as === "stat" ? { reduceOptions: { calcs: ["lastNotNull"] } } : { tooltip: { mode: "multi" } },
  };
}

function thresholds(limit: number | undefined) {
  if (limit === undefined) return {};
  // Grafana wants null for "from the very beginning"; a ConfigMap holds it as text.
  const steps = [
    { color: "green", value: null },
    { color: "red", value: limit },
  ];
  return { thresholds: { mode: "absolute" as never, steps }, custom: { thresholdsStyle: { mode: "line" } } };
}
