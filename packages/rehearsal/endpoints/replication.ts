import type { Cloud } from "../cloud/cloud";
import type { CloudObject } from "../cloud/cloud-object";
import type { JsonObject } from "../protocol/value";

interface Rule {
  readonly status: string;
  readonly destination: readonly JsonObject[];
}

/** Copies what was written to the buckets that a replication configuration names, unless their region is lost. */
export function replicate(cloud: Cloud, bucket: CloudObject, key: string, content: Buffer): void {
  const configurations = cloud.list({ type: "aws_s3_bucket_replication_configuration", owner: bucket.owner });
  const rules = configurations
    .filter((configuration) => configuration.attributes.bucket === bucket.id)
    .flatMap(({ attributes }) => (attributes.rule ?? []) as unknown as readonly Rule[]);
  for (const { status, destination } of rules) {
    const name = String(destination[0]?.bucket ?? "").replace("arn:aws:s3:::", "");
    const target = cloud.list({ type: "aws_s3_bucket", id: name })[0];
    if (status === "Enabled" && target && !cloud.lostRegions().includes(target.region)) {
      cloud.contents.put(target.id, key, content);
    }
  }
}
