import { isList, isObject, keyOf, sameValue, type Value } from "../language";
import type { AttributeChange } from "./verdict";

/** The innermost places where two values differ. */
export function attributeChanges(before: Value, after: Value, path = ""): AttributeChange[] {
  if (sameValue(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      attributeChanges(before[name] ?? null, after[name] ?? null, joined(path, name)),
    );
  }
  if (isList(before) && isList(after) && path !== "") return listChanges(before, after, path);
  return [{ path, before, after }];
}

/** Lists of structures are compared element by element; an insertion at the front should not repaint everything. */
function listChanges(before: readonly Value[], after: readonly Value[], path: string): AttributeChange[] {
  if (!before.some(isObject) && !after.some(isObject)) return [{ path, before, after }];
  if (before.length === after.length) {
    return before.flatMap((item, at) => attributeChanges(item, after[at]!, `${path}[${at}]`));
  }
  const kept = new Set(before.map(keyOf));
  const left = new Set(after.map(keyOf));
  const gone = before.filter((item) => !left.has(keyOf(item)));
  const added = after.filter((item) => !kept.has(keyOf(item)));
  if (gone.length === 0 && added.length === 0) return [{ path, before, after }];
  return [
    ...gone.map((item): AttributeChange => ({ path: `${path}[-]`, before: item, after: null })),
    ...added.map((item): AttributeChange => ({ path: `${path}[+]`, before: null, after: item })),
  ];
}

function joined(path: string, name: string): string {
  const step = /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? name : `["${name}"]`;
  return path === "" ? step : step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
}
