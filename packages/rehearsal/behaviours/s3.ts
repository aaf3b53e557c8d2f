import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { Behaviour, Behaviours, Resource } from "./behaviour";

/** What belongs to a bucket and is called like it. */
const PART_OF_BUCKET: Behaviour = {
  id: "{bucket}",
  references: [{ attribute: "bucket", to: "aws_s3_bucket" }],
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME = /^(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Buckets and what is configured at them. */
export const S3: Behaviours = {
  aws_s3_bucket: {
    id: "{bucket}",
    computed: {
      bucket: "terraform-{hex:26}",
      arn: "arn:aws:s3:::{id}",
      bucket_domain_name: "{id}.s3.amazonaws.com",
      bucket_regional_domain_name: "{id}.s3.{region}.amazonaws.com",
      bucket_region: "{region}",
      hosted_zone_id: "Z{upper:13}",
      request_payer: "BucketOwner",
    },
    unique: [
      {
        attributes: ["bucket"],
        within: "world",
        code: "BucketAlreadyExists",
        message:
          "The requested bucket name {bucket} is not available: the namespace is shared by all users of the system.",
      },
    ],
    check: validName,
    guard: emptied,
    consequences: ({ after, before, cloud }) => {
      if (!after && before) cloud.contents.clear(before.id);
    },
    notFound: { code: "NoSuchBucket", message: "The specified bucket does not exist: {value}" },
  },
  aws_s3_bucket_versioning: PART_OF_BUCKET,
  aws_s3_bucket_policy: PART_OF_BUCKET,
  aws_s3_bucket_public_access_block: PART_OF_BUCKET,
  aws_s3_bucket_ownership_controls: PART_OF_BUCKET,
  aws_s3_bucket_server_side_encryption_configuration: PART_OF_BUCKET,
  aws_s3_bucket_lifecycle_configuration: PART_OF_BUCKET,
  aws_s3_bucket_object_lock_configuration: PART_OF_BUCKET,
  aws_s3_bucket_notification: PART_OF_BUCKET,
  aws_s3_bucket_logging: PART_OF_BUCKET,
  aws_s3_bucket_cors_configuration: PART_OF_BUCKET,
  aws_s3_bucket_replication_configuration: {
    ...PART_OF_BUCKET,
    references: [
      { attribute: "bucket", to: "aws_s3_bucket" },
      { attribute: "rule.destination.bucket", to: "aws_s3_bucket", by: "arn" },
      { attribute: "role", to: "aws_iam_role", by: "arn" },
    ],
    check: versioned,
  },
  aws_s3_object: {
    id: "{bucket}/{key}",
    references: [{ attribute: "bucket", to: "aws_s3_bucket" }],
    computed: { arn: "arn:aws:s3:::{bucket}/{key}", etag: "{hex:32}", version_id: "{hex:32}" },
  },
};

function validName({ attributes }: Resource): CloudError | undefined {
  const name = attributes.bucket;
  if (typeof name !== "string" || name === "" || BUCKET_NAME.test(name)) return undefined;
  return new CloudError("InvalidBucketName", `The specified bucket is not valid: ${name}`);
}

function emptied({ id, attributes }: CloudObject, cloud: Cloud): CloudError | undefined {
  const objects = cloud.list({ type: "aws_s3_object" }).filter((object) => object.attributes.bucket === id);
  const isEmpty = cloud.contents.keys(id).length === 0 && objects.length === 0;
  if (isEmpty || attributes.force_destroy === true) return undefined;
  return new CloudError(
    "BucketNotEmpty",
    `The bucket ${id} you tried to delete is not empty. You must delete all versions in the bucket.`,
    409,
  );
}

/** Both ends of a replication need versioning. */
function versioned({ attributes, cloud }: Resource): CloudError | undefined {
  const enabled = cloud.list({ type: "aws_s3_bucket_versioning" }).filter(({ attributes: versioning }) => {
    const [configuration] = (versioning.versioning_configuration ?? []) as readonly { status?: string }[];
    return configuration?.status === "Enabled";
  });
  if (enabled.some((versioning) => versioning.attributes.bucket === attributes.bucket)) return undefined;
  return new CloudError(
    "InvalidRequest",
    `Versioning must be 'Enabled' on the bucket ${attributes.bucket} to apply a replication configuration`,
  );
}
