import type { Behaviour, Behaviours } from "./behaviour";

const KEY: Behaviour = {
  id: "mrk-{hex:32}",
  computed: { key_id: "{id}", arn: "arn:aws:kms:{region}:{account}:key/{id}" },
  notFound: { code: "NotFoundException", message: "Key '{value}' does not exist" },
};

/** Encryption keys. */
export const KEYS: Behaviours = {
  aws_kms_key: {
    ...KEY,
    inUse: { code: "DependencyViolation", message: "{arn} cannot be deleted before its replica keys" },
  },
  aws_kms_replica_key: {
    ...KEY,
    // A replica has its primary's id, in its own region.
    id: ({ primary_key_arn }) => String(primary_key_arn).split("/").at(-1)!,
    references: [{ attribute: "primary_key_arn", to: "aws_kms_key", by: "arn", holds: true }],
  },
  aws_ebs_default_kms_key: {
    id: "{key_arn}",
    references: [{ attribute: "key_arn", to: ["aws_kms_key", "aws_kms_replica_key"], by: "arn" }],
  },
  aws_kms_alias: {
    id: "{name}",
    computed: {
      name: "alias/terraform-{hex:26}",
      arn: "arn:aws:kms:{region}:{account}:{name}",
      target_key_arn: ({ attributes, region, owner }) => {
        const key = String(attributes.target_key_id);
        return key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${owner}:key/${key}`;
      },
    },
    unique: [
      {
        attributes: ["name"],
        code: "AlreadyExistsException",
        message: "An alias with the name arn:aws:kms:{region}:{account}:{name} already exists",
      },
    ],
  },
};
