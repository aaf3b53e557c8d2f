import { type Alert, minutes } from "./alerts/alert";
import { ENGINE, GATEWAY } from "./metrics";

/** A promise to users, as the share of requests that must go well over 30 days. */
interface Objective {
  /** `gateway_availability` */
  readonly name: string;
  readonly component: string;
  readonly promise: string;
  /** 0.999 */
  readonly share: number;
  /** PromQL of the rate of bad and of all events over a window. */
  readonly bad: (window: string) => string;
  readonly all: (window: string) => string;
}

const SITE = 'route!="ws"';

const OBJECTIVES: readonly Objective[] = [
  {
    name: "gateway_availability",
    component: "gateway",
    promise: "Requests are answered without a server error",
    share: 0.999,
    bad: (window) => `sum(rate(${GATEWAY.responses}{status=~"5.."}[${window}]))`,
    all: (window) => `sum(rate(${GATEWAY.responses}[${window}]))`,
  },
  {
    name: "gateway_latency",
    component: "gateway",
    promise: "Requests are answered within a second",
    share: 0.95,
    bad: (window) =>
      `sum(rate(${GATEWAY.responseSeconds}_count{${SITE}}[${window}])) ` +
      // Prometheus 3 writes a bound of 1 as 1.0.
      `- sum(rate(${GATEWAY.responseSeconds}_bucket{${SITE}, le=~"1|1[.]0"}[${window}]))`,
    all: (window) => `sum(rate(${GATEWAY.responseSeconds}_count{${SITE}}[${window}]))`,
  },
  {
    name: "order_success",
    component: "engine",
    promise: "Orders meet no fault of the engine",
    share: 0.999,
    bad: (window) => `sum(rate(${ENGINE.errors}[${window}]))`,
    all: (window) => `sum(rate(${ENGINE.commands}[${window}]))`,
  },
];

/**
 * How fast the error budget of 30 days may burn before somebody is told. Over both windows at once, so that an alert
 * comes soon and also ends soon. Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate
 * Alerts".
 */
const BURN_RATES = [
  {
    suffix: "Fast",
    long: "1h",
    short: "5m",
    factor: 14.4,
    severity: "critical",
    forSeconds: minutes(2),
    share: "2 % in an hour",
  },
  {
    suffix: "Steady",
    long: "6h",
    short: "30m",
    factor: 6,
    severity: "critical",
    forSeconds: minutes(15),
    share: "5 % in six hours",
  },
  {
    suffix: "Slow",
    long: "1d",
    short: "2h",
    factor: 3,
    severity: "warning",
    forSeconds: minutes(60),
    share: "10 % in a day",
  },
] as const;

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** Name of the recorded share of bad events of an objective. */
export const ratioRecord = (objective: string, window: string) => `slo:${objective}:error_ratio_${window}`;

/** The share of bad events over every window that an alert looks at. */
export function objectiveRules(): RecordingRule[] {
  const windows = [...new Set(BURN_RATES.flatMap(({ long, short }) => [short, long]))];
  return OBJECTIVES.flatMap((objective) =>
    windows.map((window) => ({
      record: ratioRecord(objective.name, window),
      expr: `(${objective.bad(window)} or vector(0)) / ${objective.all(window)}`,
    })),
  );
}

/** `GatewayAvailabilityBurnFast` and so on. */
export function objectiveAlerts(): Alert[] {
  return OBJECTIVES.flatMap((objective) =>
    BURN_RATES.map(({ suffix, long, short, factor, severity, forSeconds, share }) => {
      const limit = Number((factor * (1 - objective.share)).toPrecision(6));
      return {
        name: `${camelCase(objective.name)}Burn${suffix}`,
        severity,
        component: objective.component,
        expr: `${ratioRecord(objective.name, long)} > ${limit} and ${ratioRecord(objective.name, short)} > ${limit}`,
        forSeconds,
        summary: `Error budget of "${objective.promise}" burns at more than ${share}`,
        meaning: `The objective is ${objective.share * 100} % over 30 days. At this pace the budget is gone after ${Math.round(30 / factor)} days.`,
      };
    }),
  );
}

function camelCase(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
