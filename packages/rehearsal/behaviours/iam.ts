import { CloudError } from "../cloud/cloud-error";
import type { Behaviours, Resource } from "./behaviour";

const MANAGED_BY_AWS = /^arn:aws:iam::aws:policy\//;

/** Roles, policies and who may assume them. */
export const IAM: Behaviours = {
  aws_iam_role: {
    id: "{name}",
    computed: {
      name: "terraform-{hex:26}",
      arn: ({ owner, attributes }) => `arn:aws:iam::${owner}:role${attributes.path ?? "/"}${attributes.id}`,
      unique_id: "AROA{upper:17}",
    },
    unique: [
      {
        attributes: ["name"],
        within: "account",
        code: "EntityAlreadyExists",
        message: "Role with name {name} already exists.",
      },
    ],
    check: (resource) => nameLength(resource, 64) ?? validPolicy(resource, "assume_role_policy"),
    notFound: { code: "NoSuchEntity", message: "The role with name {value} cannot be found." },
    inUse: { code: "DeleteConflict", message: "Cannot delete entity, must remove roles from instance profile first." },
  },
  aws_iam_role_policy: {
    id: "{role}:{name}",
    computed: { name: "terraform-{hex:26}" },
    references: [{ attribute: "role", to: "aws_iam_role", by: "name" }],
    check: (resource) => validPolicy(resource, "policy"),
  },
  aws_iam_role_policy_attachment: {
    id: "{role}/{policy_arn}",
    references: [
      { attribute: "role", to: "aws_iam_role", by: "name" },
      { attribute: "policy_arn", to: "aws_iam_policy", by: "arn", holds: true, except: MANAGED_BY_AWS },
    ],
  },
  aws_iam_policy: {
    id: "arn:aws:iam::{account}:policy/{name}",
    computed: { arn: "{id}", policy_id: "ANPA{upper:17}" },
    unique: [
      {
        attributes: ["name"],
        within: "account",
        code: "EntityAlreadyExists",
        message: "A policy called {name} already exists.",
      },
    ],
    check: (resource) => validPolicy(resource, "policy"),
    notFound: { code: "NoSuchEntity", message: "Policy {value} does not exist or is not attachable." },
    inUse: { code: "DeleteConflict", message: "Cannot delete a policy attached to entities." },
  },
  aws_iam_instance_profile: {
    id: "{name}",
    computed: { name: "terraform-{hex:26}", unique_id: "AIPA{upper:17}" },
    references: [{ attribute: "role", to: "aws_iam_role", by: "name", holds: true }],
  },
  aws_iam_openid_connect_provider: {
    id: ({ url }) => String(url).replace("https://", ""),
    computed: { arn: "arn:aws:iam::{account}:oidc-provider/{id}" },
    unique: [
      {
        attributes: ["url"],
        within: "account",
        code: "EntityAlreadyExists",
        message: "Provider with url {url} already exists.",
      },
    ],
  },
};

function nameLength({ attributes }: Resource, maximum: number): CloudError | undefined {
  const name = String(attributes.name ?? "");
  if (name.length <= maximum) return undefined;
  return new CloudError(
    "ValidationError",
    `1 validation error detected: Value '${name}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to ${maximum}`,
  );
}

function validPolicy({ attributes }: Resource, attribute: string): CloudError | undefined {
  try {
    const { Statement } = JSON.parse(String(attributes[attribute])) as { Statement?: unknown };
    if (Statement) return undefined;
  } catch {
    // Reported below, like a document without statements.
  }
  return new CloudError("MalformedPolicyDocument", `This policy contains invalid Json: ${attribute}`);
}
