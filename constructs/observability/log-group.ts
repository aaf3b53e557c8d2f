import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";

/** Retentions that CloudWatch knows, in days. Source: CloudWatch Logs API Reference, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export interface LogGroupProps {
  /** Full name; services that write logs by themselves dictate it. */
  readonly name: string;
  readonly retentionDays: number;
  /** Key that encrypts the group, in its region. */
  readonly keyArn: string;
}

/** A log group with the two things that one made by a service lacks: an end, and a key. */
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
  if (RETENTION_DAYS.includes(retentionDays)) return retentionDays;
  const longer = RETENTION_DAYS.find((days) => days > retentionDays) ?? RETENTION_DAYS.at(-1);
  throw new Error(`${scope.node.path}: CloudWatch cannot keep ${name} for ${retentionDays} days; write ${longer}`);
}
