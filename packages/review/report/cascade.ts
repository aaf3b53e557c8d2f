import { originOf, type ResourceVerdict } from "../plan";

/** What a change drags along: every verdict that is caused by it, directly or through others. */
export function draggedBy(verdicts: readonly ResourceVerdict[]): Map<string, ResourceVerdict[]> {
  const followers = new Map<string, ResourceVerdict[]>();
  for (const verdict of verdicts) {
    for (const cause of verdict.causes) {
      const list = followers.get(cause);
      if (list) list.push(verdict);
      else followers.set(cause, [verdict]);
    }
  }
  const dragged = new Map<string, ResourceVerdict[]>();
  for (const { stack, address, causes } of verdicts) {
    const origin = originOf(stack, address);
    // Only where a chain begins; what lies within it is counted there.
    if (causes.length === 0 && followers.has(origin)) dragged.set(origin, reach(origin, followers));
  }
  return dragged;
}

function reach(origin: string, followers: ReadonlyMap<string, readonly ResourceVerdict[]>): ResourceVerdict[] {
  const found = new Set<ResourceVerdict>();
  const pending = [...(followers.get(origin) ?? [])];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...(followers.get(originOf(next.stack, next.address)) ?? []));
  }
  return [...found];
}
