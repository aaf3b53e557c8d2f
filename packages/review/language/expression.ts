/** The part of Terraform's expression language that JSON configuration can contain, as a tree. */
export type Expression =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "attribute"; readonly target: Expression; readonly name: string }
  | { readonly kind: "index"; readonly target: Expression; readonly key: Expression }
  /** `target[*].rest`: `each` reads from the element, which it sees as the variable `SPLAT_ITEM`. */
  | { readonly kind: "splat"; readonly target: Expression; readonly each: Expression }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
  | { readonly kind: "unary"; readonly operator: "!" | "-"; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "conditional"; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | ForExpression;

export interface ForExpression {
  readonly kind: "for";
  readonly keyName?: string;
  readonly valueName: string;
  readonly source: Expression;
  /** Present when an object is made. */
  readonly key?: Expression;
  readonly value: Expression;
  readonly grouped: boolean;
  readonly test?: Expression;
}

/** Not a legal identifier, so no configuration can collide with it. */
export const SPLAT_ITEM = "[*]";

/** Calls the visitor for the expression and for everything inside it. */
export function visitExpression(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  for (const child of childrenOf(expression)) visitExpression(child, visit);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "variable":
      return [];
    case "template":
      return expression.parts;
    case "attribute":
      return [expression.target];
    case "index":
      return [expression.target, expression.key];
    case "splat":
      return [expression.target, expression.each];
    case "call":
      return expression.args;
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.test, expression.yes, expression.no];
    case "tuple":
      return expression.items;
    case "object":
      return expression.entries.flat();
    case "for":
      return [expression.source, expression.key, expression.value, expression.test].filter(
        (child) => child !== undefined,
      );
  }
}
