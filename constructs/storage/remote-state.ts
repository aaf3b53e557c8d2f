import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { EncryptionKey } from "../security/encryption-key";
import { Bucket } from "./bucket";
import { BucketReplication, type ReplicatedBucket } from "./bucket-replication";

/** A state that was overwritten can be brought back for this long. */
const RESTORABLE_DAYS = 90;

export interface RemoteStateProps {
  /** Names in the home region. */
  readonly names: Names;
  readonly accountId: string;
  /** Regions that keep state; the first is the provider's. Each is replicated to the next. */
  readonly regions: readonly string[];
  /** Refuses to plan the buckets' destruction. */
  readonly protect: boolean;
}

/**
 * Where Terraform's states live: a versioned, encrypted bucket in each region, which holds the states of what that
 * region runs and a copy of the other region's. Locks are S3 objects, so there is no table to keep.
 */
export class RemoteState extends Construct {
  /** The bucket that a backend in a region is configured with. */
  static bucketName(names: Names, accountId: string): string {
    return Bucket.nameOf(names, accountId, "state");
  }

  constructor(scope: Construct, id: string, props: RemoteStateProps) {
    super(scope, id);
    const { names, accountId, regions, protect } = props;
    const [home, ...others] = regions as [string, ...string[]];
    const key = new EncryptionKey(this, "key", {
      names: names.in(home),
      accountId,
      name: "state",
      description: "Terraform states",
      replicaRegions: others,
      protect,
    });
    const buckets = regions.map((region) => {
      const bucket = new Bucket(this, region, {
        names: names.in(region),
        accountId,
        name: "state",
        keyArn: key.arnIn(region),
        retention: { restorableDays: RESTORABLE_DAYS },
        protect,
        region: region === home ? undefined : region,
      });
      return { region, bucket, keyArn: key.arnIn(region) };
    });
    if (buckets.length < 2) return;
    buckets.forEach(({ region, bucket, keyArn }, index) => {
      const target = buckets[(index + 1) % buckets.length]!;
      const end = (of: typeof target): ReplicatedBucket => ({
        region: of.region,
        bucketName: of.bucket.bucketName,
        keyArn: of.keyArn,
      });
      new BucketReplication(this, `${region}-copy`, {
        names: names.in(region),
        name: "state",
        from: end({ region, bucket, keyArn }),
        to: end(target),
        region: region === home ? undefined : region,
        after: [bucket.versioning, target.bucket.versioning],
      });
    });
  }
}
