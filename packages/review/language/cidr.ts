/** IPv4 range arithmetic of Terraform's `cidrsubnet` and `cidrhost`; IPv6 is left to Terraform. */
import { AddressRange } from "@hft/toolkit";
import { EvaluationError } from "./evaluation-error";

export function subnetOf(range: string, newBits: number, number: number): string {
  const whole = parse(range);
  const length = whole.prefixLength + newBits;
  if (length > 32 || number >= 2 ** newBits) {
    throw new EvaluationError(`cidrsubnet("${range}", ${newBits}, ${number}): there is no such subnet`);
  }
  // Not `part`: Terraform takes negative bits too, and gives the range around.
  return `${whole.address(number * 2 ** (32 - length))}/${length}`;
}

export function addressInRange(range: string, number: number): string {
  const whole = parse(range);
  if (Math.abs(number) > whole.size)
    throw new EvaluationError(`cidrhost("${range}", ${number}): the range has ${whole.size} addresses`);
  return whole.address(number < 0 ? whole.size + number : number);
}

/** Terraform lets bits stand behind the prefix, and drops them. */
function parse(range: string): AddressRange {
  const parsed = AddressRange.around(range);
  if (!parsed) throw new EvaluationError(`"${range}" is not an IPv4 range`);
  return parsed;
}
