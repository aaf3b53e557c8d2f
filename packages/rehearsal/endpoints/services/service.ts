import type { AccountSettings } from "../../account/settings";
import type { Cloud } from "../../cloud/cloud";
import type { AwsRequest } from "../aws-request";
import type { HttpResponse } from "../http-endpoint";

/** What an answer is made of: what was deployed, and what the account has besides. */
export interface AccountState {
  readonly cloud: Cloud;
  readonly settings: AccountSettings;
}

type Operation = (request: AwsRequest, state: AccountState) => HttpResponse;

/** Operations of a service by name; of REST services by `GET /path`. */
export type Operations = Readonly<Record<string, Operation>>;

/** Whether a setting that may be "all" has a name. */
export function has(setting: "all" | readonly string[] | undefined, name: string): boolean {
  return setting === undefined || setting === "all" || setting.includes(name);
}
