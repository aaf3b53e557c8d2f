import { serviceName } from "../behaviours/service-name";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { Site } from "./resources";

/** Attributes by which the providers let things be imported; which one it is depends on the type. */
const IMPORTED_BY = ["id", "name", "arn", "identifier", "bucket"];

/** The object that `terraform import` means. @throws CloudError */
export function importedObject({ type, configuration, cloud }: Site, id: string): CloudObject {
  const candidates = cloud.list({ type, owner: configuration.owner });
  const found = candidates.find(
    (object) => object.id === id || IMPORTED_BY.some((attribute) => object.attributes[attribute] === id),
  );
  if (found) return found;
  const { noun } = serviceName(type);
  throw new CloudError(
    "ResourceNotFoundException",
    `Cannot import non-existent remote object: no ${noun} "${id}"`,
    404,
  );
}
