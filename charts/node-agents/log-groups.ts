import type { Environment } from "../../environments";
import type { Names } from "../../vocabulary";

/** Where records go, by how long they have to be kept. */
export interface LogGroupDescription {
  /** `transactions` */
  readonly stream: LogStream;
  /** Name in CloudWatch. */
  readonly name: string;
  readonly retentionDays: number;
}

type LogStream = "transactions" | "system" | "debug";

/** Who did what is kept for the regulator, the rest for those who look for a fault. */
export function logGroupsOf({ logging }: Environment, names: Names): LogGroupDescription[] {
  const group = (stream: LogStream, retentionDays: number) => ({ stream, name: names.path(stream), retentionDays });
  return [
    group("transactions", logging.transactionRetentionDays),
    group("system", logging.systemRetentionDays),
    group("debug", logging.debugRetentionDays),
  ];
}
