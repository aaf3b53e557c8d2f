import { providerOf } from "../packages";
import { resourceSchema } from "../schemas";

interface Trigger {
  /** Computed attributes that the provider plans as unknown … */
  readonly attributes: readonly string[];
  /** … when one of these changes in place. */
  readonly when: readonly string[];
}

/**
 * Computed attributes keep their value while a resource is updated in place, except these.
 * Source: the `SetNewComputed` and `ComputedIf` calls of the AWS provider (5.46 and 6.x).
 */
const TRIGGERS: Readonly<Record<string, readonly Trigger[]>> = {
  aws_db_instance: [{ attributes: ["address", "arn", "endpoint"], when: ["identifier"] }],
  aws_elasticache_replication_group: [
    { attributes: ["member_clusters"], when: ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"] },
  ],
  aws_lambda_function: [
    {
      attributes: ["last_modified"],
      when: [
        "filename",
        "handler",
        "image_uri",
        "memory_size",
        "runtime",
        "s3_key",
        "s3_object_version",
        "source_code_hash",
      ],
    },
  ],
  aws_msk_configuration: [{ attributes: ["latest_revision"], when: ["description", "server_properties"] }],
  aws_s3_object: [{ attributes: ["version_id"], when: ["content", "content_base64", "etag", "source", "source_hash"] }],
  aws_ssm_parameter: [
    { attributes: ["version"], when: ["insecure_value", "value", "value_wo_version"] },
    { attributes: ["insecure_value"], when: ["value"] },
    { attributes: ["value"], when: ["insecure_value"] },
  ],
};

/** Arguments of a launch template that are not part of a version of it. */
const NOT_VERSIONED = ["default_version", "name", "tags", "tags_all", "update_default_version"];

/** Computed attributes of Cloudflare resources that stay while everything else computed becomes unknown. */
const CLOUDFLARE_STABLE = ["id", "created_on", "account_id", "zone_id"];

/**
 * The computed attributes that are planned as unknown when a resource is updated in place.
 *
 * @param changed - top-level names of the attributes and blocks that change
 */
export function unknownOnUpdate(type: string, changed: readonly string[]): readonly string[] {
  if (changed.length === 0) {
    return [];
  }
  if (providerOf(type) === "cloudflare") {
    return computedOnly(type).filter((name) => !CLOUDFLARE_STABLE.includes(name));
  }
  if (type === "aws_launch_template") {
    return changed.some((name) => !NOT_VERSIONED.includes(name)) ? ["latest_version"] : [];
  }
  if (type === "helm_release") {
    return ["metadata"];
  }
  const triggers = TRIGGERS[type] ?? [];
  return triggers
    .filter((trigger) => trigger.when.some((name) => changed.includes(name)))
    .flatMap((trigger) => trigger.attributes);
}

function computedOnly(type: string): string[] {
  const attributes = Object.entries(resourceSchema(type)?.attributes ?? {});
  return attributes.filter(([, attribute]) => attribute.computed && !attribute.optional).map(([name]) => name);
}
