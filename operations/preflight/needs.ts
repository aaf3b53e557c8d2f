import type { Environment } from "../../environments";
import { type PlacedResource, resourcesOf, type SynthesizedEnvironment } from "../../stacks";

/** Instances of one type that a region must be able to start. */
interface InstanceNeed {
  readonly region: string;
  /** `eu-west-1a`, in each of which the type must be offered. */
  readonly zones: readonly string[];
  /** Any of these will do in each zone. */
  readonly types: readonly string[];
  /** At the most, a rolling update's extra node included. */
  readonly countMax: number;
  readonly pool: string;
  readonly spot: boolean;
  /** Bought ahead, so that the deploy stops where it is short. */
  readonly reserved: boolean;
}

/** Everything that an environment takes from outside of its own stacks, read out of what is synthesized. */
export interface Needs {
  readonly environment: Environment;
  readonly regions: readonly string[];
  /** Resources of a type in a region. */
  count(region: string, type: string): number;
  /** Most resources of a type in one zone or VPC of a region. */
  readonly resources: readonly PlacedResource[];
  readonly instances: readonly InstanceNeed[];
  readonly buckets: readonly string[];
  /** Secrets whose value somebody puts by hand, by name. */
  readonly secretsFromOutside: readonly string[];
  /** ARNs of IAM roles that the clusters let in. */
  readonly principals: readonly string[];
  /** Images of the account's own registry, by region. */
  readonly releasedImages: readonly { readonly region: string; readonly repository: string; readonly digest: string }[];
  /** Images of other registries, `docker.io/nginxinc/…@sha256:…`. */
  readonly foreignImages: readonly string[];
}

export function needsOf(synthesized: SynthesizedEnvironment): Needs {
  const { environment } = synthesized;
  const resources = synthesized.stacks.flatMap(resourcesOf);
  const regionOf = regions(environment);
  const inRegion = (region: string, type: string) =>
    resources.filter((resource) => resource.type === type && regionOf(resource) === region);
  const images = [...imagesOf(synthesized)];
  return {
    environment,
    resources,
    regions: environment.regions.map(({ name }) => name),
    count: (region, type) => inRegion(region, type).length,
    instances: instanceNeeds(environment),
    buckets: resources.filter(({ type }) => type === "aws_s3_bucket").map(({ body }) => String(body.bucket)),
    secretsFromOutside: withoutValue(resources),
    principals: Object.values(environment.kubernetes.access).flat(),
    releasedImages: images.flatMap((image) => releasedImage(image)),
    foreignImages: images.filter((image) => releasedImage(image).length === 0),
  };
}

/** A resource names its region, or its stack does. */
function regions({ regions: all, name }: Environment) {
  return ({ stack, body }: PlacedResource): string =>
    typeof body.region === "string"
      ? body.region
      : (all.find((region) => stack.startsWith(`${name}-${region.name}-`))?.name ?? all[0]!.name);
}

function instanceNeeds({ regions: all, nodePools }: Environment): InstanceNeed[] {
  return all.flatMap(({ name: region, zones }) => {
    const everywhere = zones.map((letter) => region + letter);
    const shared = (["system", "general"] as const).map((pool) => ({
      region,
      pool,
      zones: everywhere,
      types: nodePools[pool].instanceTypes,
      countMax: nodePools[pool].maxNodes,
      spot: nodePools[pool].capacity === "spot",
      reserved: false,
    }));
    const { instanceType, nodes, capacityReservation } = nodePools.lowLatency;
    const lane = {
      region,
      pool: "low-latency",
      zones: everywhere.slice(0, 1),
      types: [instanceType],
      // A managed node group starts one more while it replaces its nodes.
      countMax: nodes + 1,
      spot: false,
      reserved: capacityReservation,
    };
    return [...shared, lane];
  });
}

/** Secrets of which no stack writes a version. */
function withoutValue(resources: readonly PlacedResource[]): string[] {
  const written = new Set(
    resources
      .filter(({ type }) => ["aws_secretsmanager_secret_version", "aws_secretsmanager_secret_rotation"].includes(type))
      .map(({ stack, body }) => `${stack} ${referredId(body.secret_id)}`),
  );
  return resources
    .filter(({ type, stack, id }) => type === "aws_secretsmanager_secret" && !written.has(`${stack} ${id}`))
    .map(({ body }) => String(body.name));
}

/** `secret_database` of `${aws_secretsmanager_secret.secret_database.id}` */
function referredId(reference: unknown): string {
  return /^\$\{aws_secretsmanager_secret\.([^.]+)\./.exec(String(reference))?.[1] ?? "";
}

function imagesOf({ manifests }: SynthesizedEnvironment): Set<string> {
  const images = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (value !== null && typeof value === "object") {
      const { image } = value as { image?: unknown };
      if (typeof image === "string") images.add(image);
      Object.values(value).forEach(look);
    }
  };
  for (const objects of manifests.values()) look(objects);
  return images;
}

function releasedImage(image: string): Needs["releasedImages"] {
  const [, region, repository, digest] =
    /^\d{12}\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^@]+)@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  return region && repository && digest ? [{ region, repository, digest }] : [];
}
