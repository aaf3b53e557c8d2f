import { type Check, type PlacedResource, resourcesOf } from "./check";
import { finding } from "./codes";

/** Arguments by which a service is given a role to act by: `role`, `node_role_arn`, `monitoring_role_arn`. */
const ROLE_ARGUMENT = /(^|_)role(_arn)?$/;
const ROLE = /\baws_iam_role\.([\w-]+)\./;
const RIGHTS = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"];

/**
 * Whatever is given a role waits for the role's rights. A role can be named as soon as it exists, and to Terraform its
 * rights are not part of it: a service that tries them at once fails on a first deploy, and one that outlives them at a
 * destroy cannot remove what it made. Sources: Terraform language, "The depends_on meta-argument", whose example is a
 * role's policy; Terraform Registry, hashicorp/aws 6.25.0, aws_eks_cluster and aws_eks_node_group, "Example Usage".
 */
export const rolesHaveRights: Check = ({ stacks }) => stacks.flatMap((stack) => inStack(resourcesOf(stack)));

function inStack(resources: readonly PlacedResource[]): string[] {
  const rights = new Map<string, string[]>();
  for (const { type, id, body } of resources) {
    const role = RIGHTS.includes(type) ? roleOf(body.role) : undefined;
    if (role) rights.set(role, [...(rights.get(role) ?? []), `${type}.${id}`]);
  }
  return resources
    .filter(({ type }) => !type.startsWith("aws_iam_"))
    .flatMap(({ body, path }) => {
      const waits = (body.depends_on ?? []) as readonly string[];
      const missing = [...new Set(rolesGiven(body))].flatMap((role) =>
        (rights.get(role) ?? []).filter((right) => !waits.includes(right)),
      );
      if (missing.length === 0) return [];
      return [finding("HFT-SYN-013", path, `uses a role without depending on ${missing.join(", ")}`, "add dependsOn")];
    });
}

/** Roles in arguments of a resource, blocks within blocks included. */
function rolesGiven(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const role = ROLE_ARGUMENT.test(name) ? roleOf(item) : undefined;
    return role ? [role] : rolesGiven(item);
  });
}

const roleOf = (value: unknown): string | undefined => ROLE.exec(String(value))?.[1];
