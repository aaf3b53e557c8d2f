/** IPv4 range arithmetic of Terraform's `cidrsubnet` and `cidrhost`; IPv6 is left to Terraform. */
import { EvaluationError } from "./evaluation-error";

export function subnetOf(range: string, newBits: number, number: number): string {
  const { base, bits } = parse(range);
  const length = bits + newBits;
  if (length > 32 || number >= 2 ** newBits) {
    throw new EvaluationError(`cidrsubnet("${range}", ${newBits}, ${number}): there is no such subnet`);
  }
  return `${dotted(base + number * 2 ** (32 - length))}/${length}`;
}

export function addressInRange(range: string, number: number): string {
  const { base, bits } = parse(range);
  const size = 2 ** (32 - bits);
  if (Math.abs(number) > size)
    throw new EvaluationError(`cidrhost("${range}", ${number}): the range has ${size} addresses`);
  return dotted(base + (number < 0 ? size + number : number));
}

function parse(range: string): { base: number; bits: number } {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(range);
  const [a, b, c, d, bits] = (found ?? []).slice(1).map(Number);
  if (!found || bits! > 32 || [a, b, c, d].some((octet) => octet! > 255)) {
    throw new EvaluationError(`"${range}" is no IPv4 range`);
  }
  const size = 2 ** (32 - bits!);
  const address = ((a! * 256 + b!) * 256 + c!) * 256 + d!;
  return { base: Math.floor(address / size) * size, bits: bits! };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
