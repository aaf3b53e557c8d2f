export { evaluate, type Scope, withNames } from "./evaluate";
export { EvaluationError } from "./evaluation-error";
export { jsonText } from "./json-text";
export { ExpressionSyntaxError } from "./lexer";
export { isTemplate, parseTemplate } from "./parser";
export { type ReferenceName, referencesIn, traversalOf } from "./references";
export {
  hasUnknown,
  isList,
  isLiteral,
  isObject,
  keyOf,
  originsOf,
  Settled,
  sameValue,
  settledFrom,
  Unknown,
  type Value,
  type ValueObject,
} from "./value";
