import type { KubernetesObject } from "../../charts";
import type { SynthesizedEnvironment, SynthesizedStack, TerraformBlock } from "../synthesis/synthesized";

/**
 * Looks at everything that an environment becomes and reports what does not fit together, one finding a string:
 * `HFT-SYN-003 production/eu-west-1/Service/trading/gateway: …; what to write instead`. Checks read the synthesized
 * files and not the constructs, so that they hold for whatever wrote them.
 */
export type Check = (synthesized: SynthesizedEnvironment) => string[];

/** A resource of a stack with where it comes from. */
export interface PlacedResource {
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  /** Construct path, `production-eu-west-1-data/orders/database`. */
  readonly path: string;
  readonly body: TerraformBlock;
}

/** All resources of a stack. */
export function resourcesOf({ name, json }: SynthesizedStack): PlacedResource[] {
  return Object.entries(json.resource ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources).map(([id, body]) => ({
      stack: name,
      type,
      id,
      body,
      path: constructPath(body) ?? `${name}/${type}.${id}`,
    })),
  );
}

function constructPath(body: TerraformBlock): string | undefined {
  const comment = body["//"] as { metadata?: { path?: string } } | undefined;
  return comment?.metadata?.path;
}

/** `production/eu-west-1/Service/trading/gateway` */
function objectPath(environment: string, region: string, { kind, metadata }: KubernetesObject): string {
  return [environment, region, kind, metadata.namespace, metadata.name].filter(Boolean).join("/");
}

/** Every object of every region, with its path. */
export function placedObjects({ environment, manifests }: SynthesizedEnvironment) {
  return [...manifests].flatMap(([region, objects]) =>
    objects.map((object) => ({ region, object, objects, path: objectPath(environment.name, region, object) })),
  );
}
