import { dataSourceSchema, resourceSchema } from "@hft/provider-schemas";
import { costOf } from "../cost/estimate";
import { fingerprintOf } from "../fingerprint/fingerprint";
import { SEVERITIES, type Severity } from "../guardrails";
import { sourceOf } from "../guardrails/findings";
import { addCapacity, type ObjectChange } from "../kubernetes";
import { type ParityOptions, parityOf } from "../parity/parity";
import { originOf, type ResourceVerdict, type StackPlan } from "../plan";
import { moveText } from "../renames/rename-candidates";
import type { Review } from "../review";
import type { Json } from "../tree";
import { draggedBy } from "./cascade";
import { displayValue, isSensitive } from "./display-value";
import type {
  ActionCounts,
  CapacityReport,
  FieldReport,
  ObjectReport,
  Report,
  ResourceReport,
  StackReport,
  Summary,
} from "./report";

export function buildReport(review: Review, options: { readonly parity: ParityOptions }): Report {
  const { changes, findings } = review;
  const { plan, renames, objects } = changes;
  const stacks = stackReports(review);
  return {
    format: "hft-platform-review/1",
    base: plan.base.tree.label,
    head: plan.head.tree.label,
    summary: summaryOf(review, stacks),
    findings,
    stacks,
    objects: objects.map(objectReport),
    capacity: capacityReports(objects),
    renames: renames.map((rename) => ({
      stack: rename.stack,
      from: rename.from,
      to: rename.to,
      paste: moveText(rename),
    })),
    contracts: changes.contracts.map(
      ({ parameter, kind, field, readersAfter }) =>
        `${parameter}: ${kind}${field === undefined ? "" : ` "${field}"`}${readersAfter.length > 0 ? `, read by ${readersAfter.join(", ")}` : ""}`,
    ),
    parity: parityOf(plan, options.parity),
    cost: costOf(plan),
    fingerprint: fingerprintOf(plan, objects),
  };
}

function stackReports({ changes }: Review): StackReport[] {
  const { plan } = changes;
  const dragged = draggedBy(plan.stacks.flatMap(({ verdicts }) => verdicts));
  const needs = new Map([...plan.base.order.needs, ...plan.head.order.needs]);
  const waves = wavesOf(needs);
  return plan.stacks.map((stack) => {
    const shown = stack.verdicts.filter(isShown).map((verdict) => resourceReport(verdict, dragged));
    const renamedFrom = plan.renamedStacks.get(stack.stack);
    return {
      name: stack.stack,
      status: statusOf(stack, shown, plan),
      needs: (needs.get(stack.stack) ?? []).map((need) => need.stack),
      wave: waves.get(stack.stack) ?? 0,
      ...(renamedFrom !== undefined && { renamedFrom }),
      actions: countActions(stack.verdicts),
      resources: shown,
      outputs: stack.outputs.map(({ name, action }) => ({ name, action })),
    };
  });
}

function statusOf(
  stack: StackPlan,
  shown: readonly ResourceReport[],
  plan: Review["changes"]["plan"],
): StackReport["status"] {
  if (plan.addedStacks.includes(stack.stack)) return "added";
  if (plan.removedStacks.includes(stack.stack)) return "removed";
  return shown.some(({ action }) => action !== "read") || stack.outputs.length > 0 ? "changed" : "unchanged";
}

function wavesOf(needs: ReadonlyMap<string, readonly { readonly stack: string }[]>): Map<string, number> {
  const waves = new Map<string, number>();
  const waveOf = (stack: string, above: readonly string[]): number => {
    const known = waves.get(stack);
    if (known !== undefined || above.includes(stack)) return known ?? 0;
    const wave = 1 + Math.max(-1, ...(needs.get(stack) ?? []).map((need) => waveOf(need.stack, [...above, stack])));
    waves.set(stack, wave);
    return wave;
  };
  for (const stack of needs.keys()) waveOf(stack, []);
  return waves;
}

function isShown(verdict: ResourceVerdict): boolean {
  return verdict.action !== "no-op" || verdict.movedFrom !== undefined;
}

/** Most destructive first. */
export const ACTION_ORDER = ["replace", "delete", "update", "create", "import", "forget", "no-op", "read"];

function countActions(verdicts: readonly ResourceVerdict[]): ActionCounts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, move: 0, import: 0, forget: 0 };
  for (const { action, movedFrom } of verdicts) {
    if (movedFrom !== undefined) counts.move++;
    if (action in counts) counts[action as keyof typeof counts]++;
  }
  return counts;
}

function resourceReport(
  verdict: ResourceVerdict,
  dragged: ReadonlyMap<string, readonly ResourceVerdict[]>,
): ResourceReport {
  const { stack, address, config, action, movedFrom, createBeforeDestroy, forcedBy, triggeredBy, causes } = verdict;
  const followers = dragged.get(originOf(stack, address));
  const source = sourceOf(config.stackTrace);
  return {
    address,
    action: action === "no-op" ? "move" : action,
    ...(movedFrom !== undefined && { movedFrom }),
    ...(action === "replace" && { createBeforeDestroy }),
    ...(config.constructPath !== undefined && { constructPath: config.constructPath }),
    ...(source !== undefined && { source }),
    changes: fieldReports(verdict),
    forcedBy: [
      ...forcedBy.map(({ path, reason }) => (reason === undefined ? path : `${path} (${reason})`)),
      ...triggeredBy.map((origin) => `replace_triggered_by ${origin.slice(origin.indexOf(":") + 1)}`),
    ],
    causes,
    ...(followers && {
      drags: { resources: followers.length, stacks: [...new Set(followers.map((each) => each.stack))] },
    }),
  };
}

/** Provider-decided attributes of a replacement all become unknown, which says nothing. */
function fieldReports(verdict: ResourceVerdict): FieldReport[] {
  const { config, changes, forcedBy, action } = verdict;
  const schema = config.mode === "data" ? dataSourceSchema(config.type) : resourceSchema(config.type);
  const given = (path: string): boolean => /^[^.[]+/.exec(path)![0] in config.body;
  const shown =
    action === "replace"
      ? changes.filter(({ path }) => given(path) || forcedBy.some((forced) => path.startsWith(forced.path)))
      : changes;
  return shown
    .filter(({ path }) => path !== "tags_all" && !path.startsWith("tags_all.") && !path.startsWith("object."))
    .map(({ path, before, after }) => {
      const hidden = isSensitive(schema, path);
      const forces = forcedBy.some(
        (forced) => path === forced.path || path.replaceAll(/\[[^\]]*\]/g, "").startsWith(forced.path),
      );
      return {
        path,
        before: hidden ? "(sensitive)" : displayValue(before),
        after: hidden ? "(sensitive)" : displayValue(after),
        ...(forces && { forcesReplacement: true }),
      };
    });
}

function objectReport(change: ObjectChange): ObjectReport {
  const { file, id, action, restarts, fields, immutable, kind } = change;
  const show = (json: Json | undefined): string => (json === undefined ? "absent" : displayValue(json as never));
  return {
    file,
    id,
    action,
    restarts,
    fields: fields.map(({ path, before, after }) => {
      const hidden = kind === "Secret" && /^(data|stringData)/.test(path);
      return { path, before: hidden ? "(sensitive)" : show(before), after: hidden ? "(sensitive)" : show(after) };
    }),
    immutable: immutable.map(({ path, remedy }) => `${path}: ${remedy}`),
  };
}

function capacityReports(objects: readonly ObjectChange[]): CapacityReport[] {
  const byFile = new Map<string, CapacityReport>();
  for (const { file, capacity } of objects) {
    byFile.set(file, { file, ...addCapacity(byFile.get(file) ?? { pods: 0, cpus: 0, memoryMiB: 0 }, capacity) });
  }
  return [...byFile.values()].filter(({ pods, cpus, memoryMiB }) => pods !== 0 || cpus !== 0 || memoryMiB !== 0);
}

function summaryOf({ changes, findings }: Review, stacks: readonly StackReport[]): Summary {
  const { plan, objects } = changes;
  const open = Object.fromEntries(
    SEVERITIES.map((severity) => [
      severity,
      findings.filter((finding) => finding.severity === severity && finding.accepted === undefined).length,
    ]),
  ) as Record<Severity, number>;
  const count = (action: string): number => objects.filter((change) => change.action === action).length;
  return {
    actions: countActions(plan.stacks.flatMap(({ verdicts }) => verdicts)),
    objects: {
      create: count("create"),
      update: count("update"),
      delete: count("delete"),
      restarts: objects.filter(({ restarts }) => restarts).length,
    },
    open,
    accepted: findings.filter(({ accepted }) => accepted !== undefined).length,
    empty: objects.length === 0 && findings.length === 0 && stacks.every(({ status }) => status === "unchanged"),
  };
}
