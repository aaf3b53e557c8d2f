/** The part of `terraform show -json <plan>` that a deployment looks at. */
export interface RealPlan {
  readonly resource_changes?: readonly RealChange[];
}

export interface RealChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown?: Readonly<Record<string, unknown>> | boolean;
  };
}

/** What Terraform would do to a resource, in the review's words; undefined for nothing. */
export function actionOf({ change, previous_address: previous }: RealChange): string | undefined {
  const { actions } = change;
  if (actions.length === 2) return "replace";
  const [only] = actions;
  if (only !== "no-op") return only;
  return previous === undefined ? undefined : "move";
}

/** Arguments at the top level that differ. */
export function changedArguments({ change }: RealChange): string[] {
  const { before, after, after_unknown: unknown } = change;
  const waiting = typeof unknown === "object" && unknown !== null ? unknown : {};
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(waiting)]);
  return [...names].filter(
    (name) =>
      waiting[name] === true || JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null),
  );
}
