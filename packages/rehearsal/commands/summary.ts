import Table from "cli-table3";
import pc from "picocolors";
import type { Deployment, StackOutcome } from "../terraform/deployment";

/** A table without colours of its own; what is piped stays plain. */
export function plainTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({ head: head.map((text) => pc.bold(text)), style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const MARKS: Readonly<Record<StackOutcome["status"], string>> = {
  deployed: pc.green("deployed"),
  destroyed: pc.green("destroyed"),
  unchanged: pc.green("unchanged"),
  failed: pc.red("failed"),
  "not reached": pc.yellow("not reached"),
};

/** What a deployment or destruction came to. */
export function summary(verb: "Deployed" | "Destroyed", deployment: Deployment, directory: string): string {
  const { stacks, durationMs, succeeded } = deployment;
  const total = (field: "added" | "changed" | "destroyed") => stacks.reduce((sum, stack) => sum + stack[field], 0);
  const rows = stacks.map(({ stack, status, added, changed, destroyed }) => [
    stack,
    MARKS[status],
    added,
    changed,
    destroyed,
  ]);
  const counts = [total("added"), total("changed"), total("destroyed")] as const;
  const changes = counts.every((count) => count === 0)
    ? "nothing changed"
    : `${counts[0]} added, ${counts[1]} changed, ${counts[2]} destroyed`;
  if (verb === "Destroyed" && succeeded && stacks.every(({ status }) => status === "unchanged")) {
    return `None of these ${stacks.length} stacks is deployed: there is nothing to destroy.`;
  }
  const done = stacks.filter(({ status }) => status !== "failed" && status !== "not reached").length;
  const verdict = succeeded ? pc.green(verb) : pc.red(`${verb} only`);
  return [
    plainTable(["stack", "status", "added", "changed", "destroyed"], rows),
    `${verdict} ${done} of ${stacks.length} stacks in ${(durationMs / 1000).toFixed(1)} s: ${changes}.`,
    `${pc.bold("Simulated")}: real Terraform, no account. Objects and states are in ${directory}; see "npm run rehearse -- status".`,
  ].join("\n");
}
