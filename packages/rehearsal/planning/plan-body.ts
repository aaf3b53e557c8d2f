import { type Attribute, type Block, isStructured, type Nesting } from "@hft/provider-schemas";
import { equal, isList, isObject, UNKNOWN, Unknown, type Value, type ValueObject } from "../protocol/value";

/** The same body as Terraform proposes it, as it is configured, and as it was (null when it is new). */
interface Versions {
  readonly proposed: Value;
  readonly config: Value;
  readonly prior: Value;
}

/**
 * What a body will be: the proposal, in which what only the service can know is unknown. That is every computed
 * attribute without a configured value, of the resource or of a nested body, that did not exist before.
 */
export function planBody(block: Block, versions: Versions): Value {
  return planMembers(block, versions, false);
}

function planMembers(block: Block, { proposed, config, prior }: Versions, inSet: boolean): Value {
  if (!isObject(proposed)) return proposed;
  const planned: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    planned[name] = planAttribute(
      attribute,
      { proposed: proposed[name] ?? null, config: member(config, name), prior: member(prior, name) },
      { isNew: !isObject(prior), inSet },
    );
  }
  for (const [name, { nesting, block: inner }] of Object.entries(block.blocks)) {
    const versions = { proposed: proposed[name] ?? null, config: member(config, name), prior: member(prior, name) };
    planned[name] = planEach(nesting, inner, versions);
  }
  return planned;
}

function planAttribute(
  attribute: Attribute,
  versions: Versions,
  { isNew, inSet }: { isNew: boolean; inSet: boolean },
): Value {
  const { proposed, config, prior } = versions;
  // Write-only values are seen in the configuration and stay out of plan and state.
  if (attribute.writeOnly) return null;
  if (proposed === null) {
    if (!attribute.computed || config !== null) return null;
    // What a set's block had before is not proposed again: Terraform finds members by their whole content.
    if (!isNew) return prior;
    // New members of a set stay as they are configured, for the same reason.
    return inSet && attribute.optional ? null : UNKNOWN;
  }
  if (!isStructured(attribute)) return proposed;
  const { nesting, attributes } = attribute.nested;
  return planEach(nesting, { attributes, blocks: {} }, versions);
}

function planEach(nesting: Nesting, block: Block, { proposed, config, prior }: Versions): Value {
  if (proposed === null || proposed instanceof Unknown) return proposed;
  if (nesting === "SINGLE") return planMembers(block, { proposed, config, prior }, false);
  if (nesting === "MAP") {
    const entries = Object.entries(proposed as ValueObject).map(([key, item]): [string, Value] => [
      key,
      planMembers(block, { proposed: item, config: member(config, key), prior: member(prior, key) }, false),
    ]);
    return Object.fromEntries(entries);
  }
  const items = proposed as readonly Value[];
  if (nesting === "SET") {
    return items.map((item) =>
      planMembers(block, { proposed: item, config: null, prior: counterpart(item, prior) }, true),
    );
  }
  return items.map((item, index) =>
    planMembers(block, { proposed: item, config: element(config, index), prior: element(prior, index) }, false),
  );
}

/** The member of the earlier set that has everything this one has. */
function counterpart(item: Value, prior: Value): Value {
  return isList(prior) ? (prior.find((old) => covers(old, item)) ?? null) : null;
}

/** Whether a value has all that is given in another; what is null or unknown there may be anything. */
function covers(value: Value, given: Value): boolean {
  if (given === null || given instanceof Unknown) return true;
  if (isObject(given)) {
    return isObject(value) && Object.entries(given).every(([name, inner]) => covers(value[name] ?? null, inner));
  }
  if (isList(given)) {
    return (
      isList(value) && value.length === given.length && given.every((inner, index) => covers(value[index]!, inner))
    );
  }
  return equal(value, given);
}

function member(value: Value, name: string): Value {
  return isObject(value) ? (value[name] ?? null) : null;
}

function element(value: Value, index: number): Value {
  return isList(value) ? (value[index] ?? null) : null;
}
