import { hasUnknown, isList, isObject, originsOf, Settled, sameValue, settledFrom, Unknown, type Value } from "./value";

/** The text that Terraform makes of a value inside a template; undefined when only the cloud knows it. */
export function asText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return undefined;
}

export function truth(value: Value): boolean {
  return value === true || value === "true";
}

export function applyBinary(operator: string, left: Value, right: Value): Value {
  if (operator === "&&" || operator === "||") return logical(operator, left, right);
  if (hasUnknown(left) || hasUnknown(right)) return new Unknown(originsOf(left, right));
  if (operator === "==" || operator === "!=") return equality(operator, left, right);
  if (left instanceof Settled || right instanceof Settled) return settledFrom(operator, left, right);
  return arithmetic(operator, Number(left), Number(right));
}

/** One known side can decide: `false && unknown` is false. */
function logical(operator: "&&" | "||", left: Value, right: Value): Value {
  const deciding = operator === "||";
  for (const side of [left, right]) {
    if (!(side instanceof Unknown) && !(side instanceof Settled) && truth(side) === deciding) return deciding;
  }
  if (left instanceof Unknown || right instanceof Unknown) return new Unknown(originsOf(left, right));
  if (left instanceof Settled || right instanceof Settled) return settledFrom(operator, left, right);
  return !deciding;
}

function equality(operator: "==" | "!=", left: Value, right: Value): Value {
  const same = sameValue(left, right);
  // Two settled values that were made differently may still be equal in the cloud.
  if (!same && (containsSettled(left) || containsSettled(right))) {
    const neverNull = left === null || right === null;
    return neverNull ? operator === "!=" : settledFrom(operator, left, right);
  }
  return operator === "==" ? same : !same;
}

function containsSettled(value: Value): boolean {
  if (value instanceof Settled) return true;
  if (isList(value)) return value.some(containsSettled);
  return isObject(value) && Object.values(value).some(containsSettled);
}

function arithmetic(operator: string, left: number, right: number): Value {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}
