import type { Cloud } from "../cloud/cloud";
import type { Json, JsonObject } from "../protocol/value";

/** A question to the cloud. */
export interface Query {
  readonly type: string;
  readonly owner: string;
  readonly region: string;
  /** What is configured; the rest is null. */
  readonly config: JsonObject;
  readonly cloud: Cloud;
}

/** Values of computed attributes by path. @throws CloudError when there is nothing to answer */
export type Answer = (query: Query) => Readonly<Record<string, Json>>;
