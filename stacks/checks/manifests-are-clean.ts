import { type Check, placedObjects } from "./check";
import { finding } from "./codes";

/** Names of settings whose value must never stand in a manifest. */
const SECRET_NAME = /(password|passwd|secret|token|api_?key|private_?key)$/i;
/** Endings of settings that only say where a secret is. */
const REFERENCE_NAME = /(file|path|name|ref|arn|url|key_?id)$/i;

/** No `null` (a lost quantity or a patch that went astray) and no literal secret in any manifest. */
export const manifestsAreClean: Check = (synthesized) =>
  placedObjects(synthesized).flatMap(({ object, path }) => [
    ...nullFields(object).map((field) =>
      finding("HFT-SYN-004", `${path} ${field}`, "null", "remove the field or give it a value"),
    ),
    ...(object.kind === "Secret" && (object.data || object.stringData)
      ? [
          finding(
            "HFT-SYN-005",
            path,
            "holds a literal secret",
            "store it in Secrets Manager and refer to it with an ExternalSecret",
          ),
        ]
      : []),
    ...literalSecrets(object).map((field) =>
      finding("HFT-SYN-005", `${path} ${field}`, "holds a literal secret", "mount it as a file from an ExternalSecret"),
    ),
  ]);

function nullFields(value: unknown, field = ""): string[] {
  if (value === null) return [field];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => nullFields(item, field ? `${field}.${key}` : key));
}

/** Environment variables of containers that are named like a secret and carry a value. */
function literalSecrets(value: unknown, field = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { name, value: literal } = value as { name?: unknown; value?: unknown };
  const secret =
    typeof name === "string" &&
    typeof literal === "string" &&
    literal !== "" &&
    SECRET_NAME.test(name) &&
    !REFERENCE_NAME.test(name);
  return [
    ...(secret ? [`${field} (${name})`] : []),
    ...Object.entries(value).flatMap(([key, item]) => literalSecrets(item, field ? `${field}.${key}` : key)),
  ];
}
