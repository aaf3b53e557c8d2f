import type { ActionCounts, CapacityReport, Report, StackReport } from "./report";

/** `2 replaced, 1 destroyed, 4 changed`. */
export function actionsText(actions: ActionCounts): string {
  const words: [keyof ActionCounts, string][] = [
    ["replace", "replaced"],
    ["delete", "destroyed"],
    ["update", "changed"],
    ["create", "created"],
    ["move", "moved"],
    ["import", "imported"],
    ["forget", "forgotten"],
  ];
  const parts = words.filter(([action]) => actions[action] > 0).map(([action, word]) => `${actions[action]} ${word}`);
  return parts.join(", ") || "nothing";
}

function objectsText({ objects }: Report["summary"]): string {
  const parts = [
    objects.delete > 0 && `${objects.delete} deleted`,
    objects.update > 0 && `${objects.update} changed`,
    objects.create > 0 && `${objects.create} created`,
    objects.restarts > 0 && `${objects.restarts} restarting`,
  ];
  return parts.filter(Boolean).join(", ") || "nothing";
}

/** One sentence on everything. */
export function headline(report: Report): string {
  if (report.summary.empty) return "No changes: both sides deploy the same.";
  const { critical, high, medium, low } = report.summary.open;
  const open = [
    critical > 0 && `${critical} critical`,
    high > 0 && `${high} high`,
    medium > 0 && `${medium} medium`,
    low > 0 && `${low} low`,
  ];
  const findings = open.filter(Boolean).join(", ") || "none";
  const accepted = report.summary.accepted > 0 ? ` (${report.summary.accepted} accepted)` : "";
  return `Resources: ${actionsText(report.summary.actions)}. Kubernetes objects: ${objectsText(report.summary)}. Findings: ${findings}${accepted}.`;
}

export function costText({ cost }: Report): string {
  const difference = cost.after - cost.before;
  const sign = difference < 0 ? "−" : "+";
  return `$${money(cost.before)} → $${money(cost.after)} a month (${sign}$${money(Math.abs(difference))})`;
}

export function costNote({ cost }: Report): string {
  return `Estimate from ${cost.source}, prices of ${cost.pricesDated}; traffic, requests and discounts are not in it.`;
}

export function money(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function capacityText({ pods, cpus, memoryMiB }: CapacityReport): string {
  const signed = (amount: number): string => `${amount > 0 ? "+" : ""}${Math.round(amount * 1000) / 1000}`;
  return `${signed(pods)} pods, ${signed(cpus)} CPUs, ${signed(Math.round(memoryMiB))} MiB requested`;
}

/** Where a finding or a resource is, for a person. */
export function placeText(place: {
  readonly stack?: string;
  readonly address?: string;
  readonly file?: string;
  readonly object?: string;
}): string {
  return [place.stack ?? place.file, place.address ?? place.object].filter(Boolean).join(" · ");
}

/** `stack: address`, from the form in which causes are kept. */
export function causeText(origin: string, ownStack: string): string {
  const at = origin.indexOf(":");
  const [stack, address] = [origin.slice(0, at), origin.slice(at + 1)];
  return stack === ownStack ? address : `${stack} · ${address}`;
}

/** Stacks that do something, the most destructive first. */
export function worstFirst(stacks: readonly StackReport[]): StackReport[] {
  const weight = ({ actions }: StackReport): number =>
    actions.delete * 10_000 + actions.replace * 10_000 + actions.update * 10 + actions.create;
  return stacks.filter(({ status }) => status !== "unchanged").sort((left, right) => weight(right) - weight(left));
}
