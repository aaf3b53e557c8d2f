import type { Json } from "../protocol/value";
import type { Cloud } from "./cloud";
import type { ObjectFilter } from "./cloud-object";

/** Changes or removes objects as somebody would do it by hand, past all rules. */
export function changeObjects(
  cloud: Cloud,
  filter: ObjectFilter,
  change: Readonly<Record<string, unknown>> | null,
): number {
  const objects = cloud.list(filter);
  for (const object of objects) {
    if (change === null) cloud.remove(object);
    else cloud.put({ ...object, attributes: { ...object.attributes, ...(change as Record<string, Json>) } });
  }
  return objects.length;
}
