import type { CtyType } from "./schema";

/**
 * The shape that a generated mapper expression stands for, e.g.
 * `cdktf.listMapperHcl(vpcTimeoutsToHclTerraform, true)(…)` is a list of the structure VpcTimeouts, written as blocks.
 */
export type Shape =
  | { readonly kind: "plain"; readonly type: CtyType }
  | { readonly kind: "structure"; readonly name: string }
  | { readonly kind: "list"; readonly element: Shape; readonly asBlocks: boolean }
  | { readonly kind: "map"; readonly element: Shape };

const PLAIN: Readonly<Record<string, CtyType>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  any: "dynamic",
};

export function shapeOf(expression: string): Shape {
  const list = /^cdktf\.listMapperHcl\((.*), (true|false)\)(\(.*\))?$/.exec(expression);
  if (list) {
    return { kind: "list", element: shapeOf(list[1]!), asBlocks: list[2] === "true" };
  }
  const map = /^cdktf\.hashMapperHcl\((.*?)\)(\((?:this|struct).*\))?$/.exec(expression);
  if (map) {
    return { kind: "map", element: shapeOf(map[1]!) };
  }
  const plain = /^cdktf\.(\w+)ToHclTerraform/.exec(expression);
  if (plain) {
    return { kind: "plain", type: PLAIN[plain[1]!] ?? "dynamic" };
  }
  const structure = /^(\w+)ToHclTerraform/.exec(expression);
  if (structure) {
    return { kind: "structure", name: structure[1]![0]!.toUpperCase() + structure[1]!.slice(1) };
  }
  throw new Error(`unknown mapper expression "${expression}"; the generator's output has changed`);
}

/** Types of the accessor classes that the cdktf library itself brings. */
export const LIBRARY_TYPES: Readonly<Record<string, CtyType>> = {
  StringMap: ["map", "string"],
  NumberMap: ["map", "number"],
  BooleanMap: ["map", "bool"],
  AnyMap: "dynamic",
  AnyList: "dynamic",
  AnyMapList: "dynamic",
  BooleanList: ["list", "bool"],
  StringMapList: ["list", ["map", "string"]],
  NumberMapList: ["list", ["map", "number"]],
  BooleanMapList: ["list", ["map", "bool"]],
  StringListList: ["list", ["list", "string"]],
  NumberListList: ["list", ["list", "number"]],
  StringListMap: ["map", ["list", "string"]],
  NumberListMap: ["map", ["list", "number"]],
  StringMapMap: ["map", ["map", "string"]],
  StringListMapMap: ["map", ["map", ["list", "string"]]],
};

const GETTER_TYPES: Readonly<Record<string, CtyType>> = {
  String: "string",
  Number: "number",
  Boolean: "bool",
  List: ["list", "string"],
  NumberList: ["list", "number"],
  StringMap: ["map", "string"],
  NumberMap: ["map", "number"],
  BooleanMap: ["map", "bool"],
};

/** The type of a computed attribute from its getter; a getter inside `Fn.tolist` reads a set. */
export function getterType(getter: string | undefined): CtyType {
  const accessor = /this\.get(\w+?)Attribute\('/.exec(getter ?? "")?.[1];
  const type = GETTER_TYPES[accessor ?? ""] ?? "dynamic";
  return getter?.includes("Fn.tolist(") ? asSet(type) : type;
}

export function asSet(type: CtyType): CtyType {
  return Array.isArray(type) && type[0] === "list" ? ["set", type[1]] : type;
}
