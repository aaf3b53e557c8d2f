import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BucketContents } from "../cloud/bucket-contents";
import type { TreeStack } from "./tree";
import { readStack } from "./working-copy";

/** What Terraform keeps of a stack: its resources by address. */
export type StackState = ReadonlyMap<string, ResourceState>;

interface ResourceState {
  readonly id: unknown;
  /** JSON of all attributes. */
  readonly attributes: string;
}

interface StateFile {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string | number;
      readonly deposed?: string;
      readonly attributes: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/** The state of a stack, from where its backend keeps it; empty when there is none. */
export function readState(tree: string, stack: TreeStack, states: string, buckets: BucketContents): StackState {
  const content = stateContent(tree, stack, states, buckets);
  if (!content) return new Map();
  const { resources } = JSON.parse(content.toString("utf8")) as StateFile;
  const entries = resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) =>
      instances
        .filter(({ deposed }) => deposed === undefined)
        .map(({ index_key, attributes }): [string, ResourceState] => [
          `${type}.${name}${index_key === undefined ? "" : `[${JSON.stringify(index_key)}]`}`,
          { id: attributes.id, attributes: JSON.stringify(attributes) },
        ]),
    );
  return new Map(entries);
}

function stateContent(tree: string, stack: TreeStack, states: string, buckets: BucketContents): Buffer | undefined {
  const { s3 } = readStack(tree, stack).terraform?.backend ?? {};
  if (s3) return buckets.get(s3.bucket, s3.key);
  const path = join(states, `${stack.name}.tfstate`);
  return existsSync(path) ? readFileSync(path) : undefined;
}

export interface Tally {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

/** What happened between two states; a replacement counts as both added and destroyed, as Terraform counts it. */
export function tally(before: StackState, after: StackState): Tally {
  const kept = [...after].filter(([address]) => before.has(address));
  const replaced = kept.filter(([address, { id }]) => before.get(address)!.id !== id).length;
  const different = kept.filter(([address, { attributes }]) => before.get(address)!.attributes !== attributes).length;
  return {
    added: after.size - kept.length + replaced,
    changed: different - replaced,
    destroyed: before.size - kept.length + replaced,
  };
}
