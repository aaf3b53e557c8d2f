import type { Value, ValueObject } from "../language";
import type { ResourceConfig } from "../tree";

/** What Terraform's state would hold of one instance. */
export interface InstanceState {
  /** With the instance key: `aws_subnet.private["a"]`. */
  readonly address: string;
  readonly config: ResourceConfig;
  readonly value: ValueObject;
}

/** One stack as if applied. */
export interface StackState {
  readonly resources: ReadonlyMap<string, InstanceState>;
  /** Data sources have no place in a plan's changes, but tell what a policy document said before. */
  readonly data: ReadonlyMap<string, InstanceState>;
  readonly outputs: ValueObject;
}

export const EMPTY_STATE: StackState = { resources: new Map(), data: new Map(), outputs: {} };

/** What stacks tell each other outside of their own state. */
export interface SharedValues {
  /** By `parameterKey`. */
  readonly parameters: ReadonlyMap<string, PublishedParameter>;
  /** Outputs by stack. */
  readonly outputs: ReadonlyMap<string, ValueObject>;
}

export interface PublishedParameter {
  readonly stack: string;
  readonly address: string;
  readonly value: Value;
  readonly resource: ValueObject;
}

export function parameterKey(region: Value, name: Value): string | undefined {
  return typeof name === "string" ? `${typeof region === "string" ? region : "-"} ${name}` : undefined;
}
