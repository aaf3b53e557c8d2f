import { CloudError } from "../cloud/cloud-error";
import type { Behaviours, Resource } from "./behaviour";

/** Secrets and parameters. */
export const SECRETS: Behaviours = {
  aws_secretsmanager_secret: {
    id: "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{letters:6}",
    computed: { arn: "{id}", name: "terraform-{hex:26}", "replica.status": "InSync", "replica.status_message": "" },
    unique: [
      {
        attributes: ["name"],
        code: "ResourceExistsException",
        message: "The operation failed because the secret {name} already exists.",
      },
    ],
    notFound: {
      code: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret: {value}",
    },
  },
  aws_secretsmanager_secret_version: {
    id: "{secret_id}|{uuid}",
    computed: {
      arn: "{secret_id}",
      version_id: "{uuid}",
      has_secret_string_wo: ({ attributes }) =>
        attributes.secret_string_wo !== null && attributes.secret_string_wo !== undefined,
      version_stages: () => ["AWSCURRENT"],
    },
    references: [{ attribute: "secret_id", to: "aws_secretsmanager_secret" }],
  },
  aws_secretsmanager_secret_rotation: {
    id: "{secret_id}",
    references: [
      { attribute: "secret_id", to: "aws_secretsmanager_secret" },
      { attribute: "rotation_lambda_arn", to: "aws_lambda_function", by: "arn" },
    ],
    computed: { rotation_enabled: true },
  },
  aws_secretsmanager_secret_policy: {
    id: "{secret_arn}",
    references: [{ attribute: "secret_arn", to: "aws_secretsmanager_secret" }],
  },
  aws_ssm_parameter: {
    id: "{name}",
    computed: {
      arn: ({ attributes, owner, region }) =>
        `arn:aws:ssm:${region}:${owner}:parameter/${String(attributes.name).replace(/^\//, "")}`,
      version: ({ before }) => Number(before?.version ?? 0) + 1,
      value: "{insecure_value}",
      insecure_value: ({ attributes }) => (attributes.type === "SecureString" ? "" : (attributes.value ?? "")),
      data_type: "text",
      tier: "Standard",
      has_value_wo: ({ attributes }) => attributes.value_wo !== null && attributes.value_wo !== undefined,
    },
    unique: [
      {
        attributes: ["name"],
        code: "ParameterAlreadyExists",
        message: "The parameter {name} already exists. To overwrite this value, set the overwrite option.",
      },
    ],
    check: standardSize,
  },
};

const STANDARD_BYTES_MAX = 4096;

function standardSize({ attributes }: Resource): CloudError | undefined {
  const value = String(attributes.insecure_value ?? attributes.value ?? "");
  const bytes = Buffer.byteLength(value);
  if (bytes <= STANDARD_BYTES_MAX || attributes.tier === "Advanced") return undefined;
  return new CloudError(
    "ValidationException",
    `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES_MAX} characters; ${attributes.name} has ${bytes}.`,
  );
}
