import { conditionalReplacements, meetsCondition, replacementAttributes } from "@hft/provider-schemas";
import type { AttributePath, PathStep } from "../protocol/plugin-server";
import {
  Dynamic,
  equal,
  hasUnknown,
  isList,
  isObject,
  knownParts,
  type Value,
  type ValueObject,
} from "../protocol/value";

/** The attributes because of which a planned change cannot be made in place. */
export function replacementPaths(type: string, prior: ValueObject, planned: ValueObject): AttributePath[] {
  const fixed = replacementAttributes(type).flatMap((path) => differences(path.split("."), prior, planned, []));
  const conditional = conditionalReplacements(type)
    .filter(
      (condition) =>
        !hasUnknown(planned[condition.attribute]) &&
        meetsCondition(
          condition,
          knownParts(prior[condition.attribute] ?? null),
          knownParts(planned[condition.attribute] ?? null),
        ),
    )
    .map(({ attribute }): PathStep[] => [{ attribute_name: attribute }]);
  return [...fixed, ...conditional].map((steps) => ({ steps }));
}

/** Where along a path of names two values differ; lists are compared element by element. */
function differences(names: readonly string[], before: Value, after: Value, walked: readonly PathStep[]): PathStep[][] {
  const [old, current] = [opened(before), opened(after)];
  if (names.length === 0) return equal(old, current) ? [] : [[...walked]];
  if (isList(old) || isList(current)) {
    const length = Math.max(isList(old) ? old.length : 0, isList(current) ? current.length : 0);
    return Array.from({ length }, (_, index) =>
      differences(names, item(old, index), item(current, index), [...walked, { element_key_int: index }]),
    ).flat();
  }
  if (!isObject(old) && !isObject(current)) return equal(old, current) ? [] : [[...walked]];
  const [name, ...rest] = names as [string, ...string[]];
  return differences(rest, field(old, name), field(current, name), [...walked, { attribute_name: name }]);
}

function opened(value: Value): Value {
  return value instanceof Dynamic ? value.value : value;
}

function item(value: Value, index: number): Value {
  return isList(value) ? (value[index] ?? null) : null;
}

function field(value: Value, name: string): Value {
  return isObject(value) ? (value[name] ?? null) : null;
}
