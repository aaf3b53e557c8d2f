import type { SynthesizedEnvironment } from "../../stacks";

/** An alert as Prometheus will evaluate it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string; readonly component: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** Every alert of an environment, read out of its manifests, so that none can be without a runbook. */
export function alertsOf({ manifests }: SynthesizedEnvironment): AlertRule[] {
  const byName = new Map<string, AlertRule>();
  for (const object of [...manifests.values()].flat()) {
    if (object.kind !== "PrometheusRule") continue;
    const { groups } = (object as unknown as { spec: { groups: { rules: Partial<AlertRule>[] }[] } }).spec;
    for (const rule of groups.flatMap(({ rules }) => rules)) {
      if (rule.alert && !byName.has(rule.alert)) byName.set(rule.alert, rule as AlertRule);
    }
  }
  return [...byName.values()].sort((a, b) => a.alert.localeCompare(b.alert));
}
