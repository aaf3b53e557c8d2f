import { type Check, type PlacedResource, resourcesOf } from "./check";
import { finding } from "./codes";

/** Attributes that hold a physical name, over the types that the platform uses. */
const NAME_ATTRIBUTES = [
  "name",
  "bucket",
  "identifier",
  "cluster_name",
  "node_group_name",
  "replication_group_id",
  "function_name",
  "alarm_name",
  "replicator_name",
  "role_name",
];

/** Types whose name only has to be unique inside another resource, or that name another resource. */
const NAMED_INSIDE_ANOTHER = [
  /^aws_iam_role_policy/,
  /^aws_s3_bucket_/,
  /^aws_eks_(addon|access|pod)/,
  /^aws_backup_selection/,
  /^aws_route53_record/,
  /^aws_db_parameter_group_/,
];

/**
 * Names of the two regions must not meet: IAM and S3 names are shared by all regions, and one region must stay
 * deployable while the other is gone.
 */
export const namesAreDisjoint: Check = ({ environment, stacks }) => {
  const owners = new Map<string, PlacedResource>();
  const regionOf = (stack: string) => environment.regions.find(({ name }) => stack.includes(`-${name}-`))?.name;
  return stacks
    .filter(({ name }) => regionOf(name))
    .flatMap((stack) =>
      resourcesOf(stack).flatMap((resource) => {
        const name = physicalName(resource);
        if (!name) return [];
        const key = `${resource.type} ${name}`;
        const owner = owners.get(key);
        owners.set(key, owner ?? resource);
        if (!owner || regionOf(owner.stack) === regionOf(stack.name)) return [];
        return [
          finding(
            "HFT-SYN-001",
            resource.path,
            `the name "${name}" is also used by ${owner.path}`,
            "create names with Names, which includes the region",
          ),
        ];
      }),
    );
};

function physicalName({ type, body }: PlacedResource): string | undefined {
  if (!type.startsWith("aws_") || NAMED_INSIDE_ANOTHER.some((pattern) => pattern.test(type))) return undefined;
  const attribute = NAME_ATTRIBUTES.find((name) => typeof body[name] === "string");
  const name = attribute && (body[attribute] as string);
  return name?.includes("${") ? undefined : name;
}
