/**
 * Fields that are maps of any keys in Kubernetes' schema. Terraform's provider plans such a map whole, so that a key
 * which the server adds is as inconsistent as one that it drops; what it adds to an object with named fields is a
 * default. Source: terraform-provider-kubernetes 3.2.1, manifest/openapi/schema.go (a schema of `additionalProperties`
 * alone is a map).
 */
const MAPS = new Set([
  "annotations",
  "data",
  "labels",
  "limits",
  "matchLabels",
  "nodeSelector",
  "parameters",
  "requests",
]);

/** Paths of keys that the server added to maps which were sent. */
export function addedKeys(sent: unknown, stored: unknown, path = ""): string[] {
  if (Array.isArray(sent) && Array.isArray(stored)) {
    return sent.flatMap((item, index) => addedKeys(item, stored[index], `${path}.${index}`));
  }
  if (!isObject(sent) || !isObject(stored)) return [];
  return Object.entries(sent).flatMap(([key, item]) => {
    const here = path ? `${path}.${key}` : key;
    const added =
      MAPS.has(key) && isObject(item) ? Object.keys(stored[key] ?? {}).filter((name) => !(name in item)) : [];
    return [...added.map((name) => `${here}.${name}`), ...addedKeys(item, stored[key], here)];
  });
}

const isObject = (value: unknown): value is Record<string, object> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
