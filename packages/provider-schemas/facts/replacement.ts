import { providerOf } from "../packages";
import { resourceSchema } from "../schemas";
import { CONDITIONAL_REPLACEMENTS, type ConditionalReplacement } from "./conditional-replacement";
import { COMPUTE_REPLACEMENTS } from "./replacement-compute";
import { DATA_REPLACEMENTS } from "./replacement-data";
import type { ReplacementFacts } from "./replacement-facts";
import { NETWORK_REPLACEMENTS } from "./replacement-network";
import { OPERATIONS_REPLACEMENTS } from "./replacement-operations";
import { OTHER_REPLACEMENTS } from "./replacement-other";

const FACTS: ReplacementFacts = {
  ...NETWORK_REPLACEMENTS,
  ...COMPUTE_REPLACEMENTS,
  ...DATA_REPLACEMENTS,
  ...OPERATIONS_REPLACEMENTS,
  ...OTHER_REPLACEMENTS,
};

const resolved = new Map<string, readonly string[]>();

/** Types with recorded facts; the others get only what holds for every type of their provider. */
export function typesWithReplacementFacts(): readonly string[] {
  return Object.keys(FACTS);
}

/**
 * Paths of the attributes whose change replaces a resource of this type.
 */
export function replacementAttributes(type: string): readonly string[] {
  let paths = resolved.get(type);
  if (!paths) {
    paths = applicable(type);
    resolved.set(type, paths);
  }
  return paths;
}

/** What the provider decides at plan time, from the values before and after. */
export function conditionalReplacements(type: string): readonly ConditionalReplacement[] {
  return CONDITIONAL_REPLACEMENTS[type] ?? [];
}

function applicable(type: string): readonly string[] {
  const schema = resourceSchema(type);
  if (!schema) {
    return [];
  }
  const facts = FACTS[type] ?? [];
  // Since 6.0 every regional resource of the AWS provider takes `region`, and moving it means making it anew.
  const regional = providerOf(type) === "aws" && "region" in schema.attributes;
  return regional ? [...facts, "region"] : facts;
}
