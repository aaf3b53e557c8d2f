/**
 * What is known about the Terraform providers that the platform uses: schemas derived from the installed
 * `@cdktf/provider-*` packages, and facts that those packages do not carry.
 */
export { type ConditionalReplacement, compareVersions, meetsCondition } from "./facts/conditional-replacement";
export { conditionalReplacements, replacementAttributes, typesWithReplacementFacts } from "./facts/replacement";
export { unknownOnUpdate } from "./facts/unknown-on-update";
export { PROVIDER_NAMES, type ProviderName, type ProviderPackage, providerOf, providerPackage } from "./packages";
export {
  type Attribute,
  type Block,
  type CtyType,
  isStructured,
  type NestedAttributes,
  type NestedBlock,
  type Nesting,
} from "./schema/schema";
export { dataSourceSchema, providerSchema, resourceSchema } from "./schemas";
