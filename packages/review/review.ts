import { contractChanges } from "./contracts/contract-changes";
import type { Finding } from "./guardrails";
import { type ChangedResource, type Changes, findingsOf, RULES } from "./guardrails";
import { objectChanges } from "./kubernetes";
import { isLiteral, isObject, type Value } from "./language";
import { type AppliedTree, planTree, type TreePlan } from "./plan";
import { renameCandidates } from "./renames/rename-candidates";
import { isJsonObject, type Json, type KubernetesObject, kubernetesObject, type SynthesizedTree } from "./tree";

/** All that a change does, before it is put into words. */
export interface Review {
  readonly changes: Changes;
  readonly findings: readonly Finding[];
}

export function reviewTrees(base: SynthesizedTree, head: SynthesizedTree): Review {
  const plan = planTree(base, head);
  const changes: Changes = {
    plan,
    verdicts: plan.stacks.flatMap((stack) => stack.verdicts.map((verdict) => withBaseConfig(plan, verdict))),
    renames: plan.stacks.flatMap(renameCandidates),
    contracts: contractChanges(plan),
    objects: objectChanges(objectsOf(plan.base, plan.head), objectsOf(plan.head, plan.base)),
  };
  return { changes, findings: findingsOf(RULES, changes) };
}

function withBaseConfig(plan: TreePlan, verdict: TreePlan["stacks"][number]["verdicts"][number]): ChangedResource {
  const stack = plan.renamedStacks.get(verdict.stack) ?? verdict.stack;
  const state = plan.base.states.get(stack);
  const before = state?.resources.get(verdict.movedFrom ?? verdict.address);
  const applied = plan.head.states.get(verdict.stack)?.resources.get(verdict.address)?.value ?? null;
  return { ...verdict, baseConfig: before?.config, applied };
}

/**
 * Objects of the manifests, and those that only stacks apply. When one side has no manifests, stacks tell for both;
 * otherwise all objects would look new.
 */
function objectsOf(side: AppliedTree, other: AppliedTree): readonly KubernetesObject[] {
  const applied = appliedObjects(side);
  const isWithout = ({ tree, states }: AppliedTree): boolean => tree.objects.length === 0 && states.size > 0;
  if (isWithout(side) || (isWithout(other) && appliedObjects(other).length > 0)) return applied;
  const written = new Set(side.tree.objects.map(({ id }) => id));
  return [...side.tree.objects, ...applied.filter(({ id }) => !written.has(id))];
}

function appliedObjects({ states }: AppliedTree): KubernetesObject[] {
  return [...states].flatMap(([stack, state]) =>
    [...state.resources.values()]
      .filter(({ config }) => config.type === "kubernetes_manifest")
      .flatMap(({ value }) => objectOf(stack, value.manifest ?? null)),
  );
}

function objectOf(stack: string, manifest: Value): KubernetesObject[] {
  if (!isObject(manifest)) return [];
  const body = jsonOf(manifest);
  const object = isJsonObject(body) ? kubernetesObject(stack, body) : undefined;
  return object ? [object] : [];
}

/** Parts that only the cloud knows become a mark that is equal for equal values. */
function jsonOf(value: Value): Json {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item)]));
  return isLiteral(value) ? (value as Json) : "(decided by the cloud)";
}
