/** Who is woken: critical pages somebody at any hour, warning waits for the morning. */
type Severity = "critical" | "warning";

/** Something that a person has to do something about. Its name is also that of its runbook. */
export interface Alert {
  /** `GatewayServerErrors` */
  readonly name: string;
  readonly severity: Severity;
  /** Part of the platform that is concerned. */
  readonly component: string;
  /** PromQL that yields something while the condition holds. */
  readonly expr: string;
  /** How long the condition has to hold. */
  readonly forSeconds: number;
  /** One line for the pager; may use the alert's labels. */
  readonly summary: string;
  /** What it means for the people who trade, and what usually causes it. */
  readonly meaning: string;
}

const MINUTE_SECONDS = 60;
export const minutes = (count: number): number => count * MINUTE_SECONDS;
