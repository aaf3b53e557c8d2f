import { AlertTopic } from "../constructs";
import type { Environment } from "../environments";
import { Names } from "../vocabulary";

/** Where alarms of the active region go, and what else somebody has to be told of. */
export function alertTopicOf({ name, activeRegion, accountId }: Environment): string {
  return AlertTopic.arnOf(new Names(name, activeRegion), accountId);
}
