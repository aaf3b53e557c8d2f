import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";
import { isLogRetention, LOG_RETENTION_DAYS } from "../../vocabulary";

export interface LogGroupProps {
  /** Full name; services that write logs by themselves dictate it. */
  readonly name: string;
  readonly retentionDays: number;
  /** Key that encrypts the group, in its region. */
  readonly keyArn: string;
}

/** A log group with what a group created by an AWS service lacks: a retention period and an encryption key. */
export class LogGroup extends CloudwatchLogGroup {
  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id, {
      name: props.name,
      retentionInDays: checkRetention(scope, props),
      kmsKeyId: props.keyArn,
    });
  }
}

function checkRetention(scope: Construct, { name, retentionDays }: LogGroupProps): number {
  if (isLogRetention(retentionDays)) return retentionDays;
  const longer = LOG_RETENTION_DAYS.find((days) => days > retentionDays) ?? LOG_RETENTION_DAYS.at(-1);
  throw new Error(`${scope.node.path}: CloudWatch cannot keep ${name} for ${retentionDays} days; write ${longer}`);
}
