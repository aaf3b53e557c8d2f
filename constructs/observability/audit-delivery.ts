import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { allow, assumableWithin, type Statement } from "../security/policy";
import { ServiceRole } from "../security/service-role";
import { Bucket } from "../storage/bucket";
import { LogGroup } from "./log-group";

/**
 * Firehose writes an object when it has so much or has waited so long, whichever comes first; 900 s is the most it
 * takes.
 */
const BUFFER_MIB = 64;
export const BUFFER_SECONDS = 300;

export interface AuditDeliveryProps {
  readonly names: Names;
  readonly accountId: string;
  /** The log group whose every record is kept: who did what. */
  readonly logGroupName: string;
  /** Folder of the audit bucket. */
  readonly folder: string;
  /** Key of the region: of the bucket, of what waits in the stream and of the log of failures. */
  readonly keyArn: string;
  /** How long failures of the delivery can be read. */
  readonly logRetentionDays: number;
}

/**
 * Writes every record of a log group into the region's audit bucket, where its lock keeps it from deletion, also by
 * those who may delete the log group. Records stay as CloudWatch hands them over, gzipped with stream and time:
 * `gunzip` reads them.
 */
export class AuditDelivery extends Construct {
  readonly streamName: string;

  constructor(scope: Construct, id: string, props: AuditDeliveryProps) {
    super(scope, id);
    const { names, accountId, keyArn } = props;
    const failures = new LogGroup(this, "failures", {
      name: names.path("audit-delivery"),
      keyArn,
      retentionDays: props.logRetentionDays,
    });
    const failureStream = new CloudwatchLogStream(this, "failure-stream", {
      name: names.of("audit-delivery"),
      logGroupName: failures.name,
    });
    const writer = new ServiceRole(this, "writer", {
      names,
      name: "audit-writer",
      description: "Writes audit records into the audit bucket, and deletes none",
      // Source: Firehose Developer Guide, "Grant Firehose access to an Amazon S3 destination" and its section on
      // confused deputies.
      trust: assumableWithin(accountId, "firehose.amazonaws.com"),
      statements: writerRights(props),
    });
    const stream = new KinesisFirehoseDeliveryStream(this, "stream", {
      name: names.of("audit", 64),
      destination: "extended_s3",
      serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
      extendedS3Configuration: {
        roleArn: writer.arn,
        bucketArn: Bucket.arnOf(names, accountId, "audit"),
        prefix: `${props.folder}/!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `failed/${props.folder}/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingSize: BUFFER_MIB,
        bufferingInterval: BUFFER_SECONDS,
        // CloudWatch has compressed them already. Source: CloudWatch Logs User Guide, "Subscription filters with
        // Firehose".
        compressionFormat: "UNCOMPRESSED",
        fileExtension: ".json.gz",
        kmsKeyArn: keyArn,
        cloudwatchLoggingOptions: { enabled: true, logGroupName: failures.name, logStreamName: failureStream.name },
      },
      dependsOn: writer.rights,
    });
    this.streamName = stream.name;
    this.subscribe(props, stream);
  }

  private subscribe(
    { names, accountId, logGroupName }: AuditDeliveryProps,
    stream: KinesisFirehoseDeliveryStream,
  ): void {
    const sender = new ServiceRole(this, "sender", {
      names,
      name: "audit-sender",
      description: "Hands records of the audit log group to the stream",
      // Source: CloudWatch Logs User Guide, "Subscription filters with Amazon Data Firehose".
      trust: assumableWithin(accountId, "logs.amazonaws.com", `arn:aws:logs:${names.region}:${accountId}:*`),
      statements: [allow(["firehose:PutRecord", "firehose:PutRecordBatch"], [stream.arn])],
    });
    new CloudwatchLogSubscriptionFilter(this, "subscription", {
      name: names.of("audit"),
      logGroupName,
      filterPattern: "",
      destinationArn: stream.arn,
      roleArn: sender.arn,
      // CloudWatch tries the right out at once.
      dependsOn: sender.rights,
    });
  }
}

function writerRights({ names, accountId, folder, keyArn }: AuditDeliveryProps): Statement[] {
  const bucket = Bucket.arnOf(names, accountId, "audit");
  return [
    allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], [bucket]),
    allow(
      ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
      [`${bucket}/${folder}/*`, `${bucket}/failed/${folder}/*`],
    ),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], [keyArn], {
      Condition: { StringEquals: { "kms:ViaService": `s3.${names.region}.amazonaws.com` } },
    }),
    allow(
      ["logs:PutLogEvents"],
      [`arn:aws:logs:${names.region}:${accountId}:log-group:${names.path("audit-delivery")}:log-stream:*`],
    ),
  ];
}
