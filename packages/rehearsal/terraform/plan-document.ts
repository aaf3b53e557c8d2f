export interface PlanOptions {
  /** Whether Terraform asks the cloud first how things are. @default true */
  readonly refresh?: boolean;
  /** Plans the destruction of everything. @default false */
  readonly destroy?: boolean;
}

export type ChangeAction = "no-op" | "create" | "read" | "update" | "delete" | "forget";

/** The part of `terraform show -json` that is used here; the rest is in it too. */
export interface TerraformPlan {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly ChangeAction[] }>>;
  readonly prior_state?: unknown;
  readonly planned_values?: unknown;
  readonly configuration?: unknown;
}

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly ChangeAction[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}
