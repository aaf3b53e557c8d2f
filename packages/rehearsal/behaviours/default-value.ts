import { type Attribute, isStructured } from "@hft/provider-schemas";
import type { Json } from "../protocol/value";
import { serviceName } from "./service-name";
import { fillTemplate, type TemplateValues } from "./template";

/** Templates for computed texts by how their attribute is called; the first that fits is taken. */
const BY_NAME: readonly (readonly [name: RegExp, template: string])[] = [
  [/^(owner_id|account_id|registry_id|aws_account_id)$/, "{account}"],
  [/(^|_)(status|state)$/, "ACTIVE"],
  [/hosted_zone_id$/, "Z{upper:13}"],
  [/^(unique_id|uid)$/, "{hex:17}"],
  [/(^|_)(dns_name|endpoint|domain_name|hostname|address)$/, "{id}.{service}.{region}.amazonaws.com"],
  [/^(etag|version_id)$/, "{hex:32}"],
  [/^name$/, "{id}"],
];
/** Points in time that have come already; what may be disabled, expire or be deleted has not. */
const POINT_IN_TIME = /^(?!disabled|deleted|expir|beginning).*(_at|_on|_date|_time|^create_timestamp|_modified)$/;
const COUNTER = /(^|_)(version|revision)$/;

/**
 * What a computed attribute holds when no behaviour says. What could have been configured is as empty as it was left.
 */
export function defaultValue(type: string, path: string, attribute: Attribute, values: TemplateValues): Json {
  if (isStructured(attribute)) return null;
  const name = path.slice(path.lastIndexOf(".") + 1);
  switch (attribute.type) {
    case "string":
      return defaultText(type, name, attribute.optional, values);
    case "number":
      return COUNTER.test(name) ? 1 : 0;
    case "bool":
      return false;
    case "dynamic":
      return null;
    default:
      return attribute.type[0] === "map" ? {} : attribute.type[0] === "object" ? null : [];
  }
}

function defaultText(type: string, name: string, configurable: boolean, values: TemplateValues): string {
  const { arnService, noun } = serviceName(type);
  const fill = (template: string) => fillTemplate(template.replace("{service}", arnService), values);
  if (name === "arn") {
    const region = values.region === "global" ? "" : values.region;
    return fill(`arn:aws:${arnService}:${region}:{account}:${noun.toLowerCase().replaceAll(" ", "-")}/{id}`);
  }
  if (configurable) return "";
  if (POINT_IN_TIME.test(name)) return new Date().toISOString();
  const template = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  return template === undefined ? "" : fill(template);
}
