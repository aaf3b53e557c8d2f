import type { KubernetesObject } from "../../charts";
import { type Check, placedObjects, resourcesOf } from "./check";

interface ExternalSecretSpec {
  readonly data?: readonly { readonly remoteRef: { readonly key: string } }[];
  readonly dataFrom?: readonly { readonly extract?: { readonly key: string } }[];
}

interface PushSecretSpec {
  readonly data?: readonly { readonly match: { readonly remoteRef: { readonly remoteKey: string } } }[];
}

/**
 * Secrets that an ExternalSecret fetches are kept by a stack, or put there by a cluster of the environment: one that is not there
 * leaves pods waiting for ever.
 */
export const secretsExist: Check = (synthesized) => {
  const objects = placedObjects(synthesized);
  const kept = new Set([
    ...objects.flatMap(({ object }) => pushedBy(object)),
    ...synthesized.stacks
      .flatMap(resourcesOf)
      .filter(({ type }) => type === "aws_secretsmanager_secret")
      .map(({ body }) => body.name as string),
  ]);
  return objects.flatMap(({ object, path }) =>
    keysOf(object)
      .filter((key) => !kept.has(key))
      .map(
        (key) =>
          `HFT-SYN-009 ${path}: fetches ${key}, which no stack keeps; choose one of ${[...kept].sort().join(", ")}`,
      ),
  );
};

function pushedBy({ kind, spec }: KubernetesObject): string[] {
  if (kind !== "PushSecret") return [];
  const { data = [] } = spec as PushSecretSpec;
  return data.map(({ match }) => match.remoteRef.remoteKey);
}

function keysOf({ kind, spec }: KubernetesObject): string[] {
  if (kind !== "ExternalSecret") return [];
  const { data = [], dataFrom = [] } = spec as ExternalSecretSpec;
  return [...data.map(({ remoteRef }) => remoteRef.key), ...dataFrom.flatMap(({ extract }) => extract?.key ?? [])];
}
