import type { JsonObject } from "../protocol/value";

/** Region of what belongs to no region (IAM, DNS, everything outside of AWS but Kubernetes). */
export const GLOBAL = "global";

/** One thing in the simulated cloud. */
export interface CloudObject {
  /** Resource type of Terraform. */
  readonly type: string;
  /** As the service names it; unique for a type, owner and region. */
  readonly id: string;
  /** AWS account, Kubernetes API server or service that holds it. */
  readonly owner: string;
  /** Region, or `global`. */
  readonly region: string;
  /** All attributes, in the form of Terraform's state. */
  readonly attributes: JsonObject;
}

/** What is given must match; nothing given means all. */
export interface ObjectFilter {
  readonly type?: string;
  readonly id?: string;
  readonly owner?: string;
  readonly region?: string;
}

export function matches(object: CloudObject, filter: ObjectFilter): boolean {
  return (["type", "id", "owner", "region"] as const).every(
    (field) => filter[field] === undefined || filter[field] === object[field],
  );
}
