import type { KubernetesObject } from "../../charts";
import type { SynthesizedEnvironment } from "../synthesis/synthesized";
import { type Check, placedObjects, resourcesOf } from "./check";
import { finding } from "./codes";

interface ExternalSecretSpec {
  readonly data?: readonly { readonly remoteRef: { readonly key: string } }[];
  readonly dataFrom?: readonly { readonly extract?: { readonly key: string } }[];
}

interface PushSecretSpec {
  readonly data?: readonly { readonly match: { readonly remoteRef: { readonly remoteKey: string } } }[];
}

/**
 * Secrets that an ExternalSecret fetches are kept by a stack, or put there by a cluster of the environment: one that is
 * not there leaves pods waiting for ever.
 */
export const secretsExist: Check = (synthesized) => {
  const objects = placedObjects(synthesized);
  const kept = new Set([
    ...objects.flatMap(({ object }) => pushedBy(object)),
    ...keptBy(synthesized).map(({ body }) => body.name as string),
  ]);
  return objects.flatMap(({ object, path }) =>
    keysOf(object)
      .filter((key) => !kept.has(key))
      .map((key) =>
        finding(
          "HFT-SYN-009",
          path,
          `fetches ${key}, which no stack creates`,
          `choose one of ${[...kept].sort().join(", ")}`,
        ),
      ),
  );
};

/** A secret that nothing fetches is one that somebody has to fill, pay for and rotate, for nothing. */
export const secretsAreRead: Check = (synthesized) => {
  const read = new Set(placedObjects(synthesized).flatMap(({ object }) => keysOf(object)));
  return keptBy(synthesized)
    .filter(({ body }) => !read.has(body.name as string))
    .map(({ body, path }) =>
      finding(
        "HFT-SYN-014",
        path,
        `creates ${body.name}, which nothing fetches`,
        "remove it, or fetch it with an ExternalSecret",
      ),
    );
};

const keptBy = ({ stacks }: SynthesizedEnvironment) =>
  stacks.flatMap(resourcesOf).filter(({ type }) => type === "aws_secretsmanager_secret");

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
