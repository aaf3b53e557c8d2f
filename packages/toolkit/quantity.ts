/**
 * Amounts as the API server writes them back. It parses a quantity and answers in one spelling; Terraform's provider
 * calls any other one "inconsistent result after apply". Source: k8s.io/apimachinery v0.35.4,
 * pkg/api/resource/quantity.go (CanonicalizeBytes).
 */

const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
/** By power of 1000, from nano. */
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const NANO_POWER = 3;
const NANOS = 10n ** 9n;
/** Binary amounts end there, in nanos. */
const BINARY_MAX = (2n ** 63n - 1n) * NANOS;
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** `2` and `500m` */
export function cpuQuantity(millicores: number): string {
  return canonical(`${millicores}m`);
}

/** `2048` as `2Gi`, `1048576` as `1Ti`. */
export function memoryQuantity(mebibytes: number): string {
  return canonical(`${mebibytes}Mi`);
}

/** An amount in millionths, `500m` as 500,000; undefined when the text is no quantity, or a finer one. */
export function quantityMicros(text: string): number | undefined {
  const nanos = parse(text)?.nanos;
  return nanos === undefined || nanos % 1000n !== 0n ? undefined : Number(nanos / 1000n);
}

/** `8Gi` as 8192; undefined when it is no amount. */
export function memoryMiB(quantity: unknown): number | undefined {
  const nanos = parse(String(quantity))?.nanos;
  return nanos === undefined ? undefined : Number(nanos) / 1e9 / 2 ** 20;
}

/** `4` as 4000 and `250m` as 250; undefined when it is no amount. */
export function cpuMillicores(quantity: unknown): number | undefined {
  const nanos = parse(String(quantity))?.nanos;
  return nanos === undefined ? undefined : Number(nanos) / 1e6;
}

/** The one spelling in which the API server answers, or undefined when the text is no quantity that it takes. */
export function canonicalQuantity(text: string): string | undefined {
  const parsed = parse(text);
  if (!parsed) return undefined;
  const { nanos, binary, exponent } = parsed;
  if (nanos === 0n) return "0";
  const size = nanos < 0n ? -nanos : nanos;
  // Nothing is rounded, and without a suffix a text reads as decimal: only whole kibibytes are written in binary.
  if (binary && size % (1024n * NANOS) === 0n) return binaryText(nanos / NANOS);
  return decimalText(nanos, exponent);
}

function canonical(text: string): string {
  const quantity = canonicalQuantity(text);
  if (quantity === undefined) throw new Error(`"${text}" is not a Kubernetes quantity; give a whole number`);
  return quantity;
}

function parse(text: string) {
  const [match, sign, whole = "", fraction = "", suffix = ""] = QUANTITY.exec(text) ?? [];
  if (match === undefined || whole + fraction === "") return undefined;
  const binary = suffix.endsWith("i");
  const exponent = /^[eE][+-]?\d/.test(suffix);
  const digits = BigInt(whole + fraction);
  const [up, down] = binary
    ? [1024n ** BigInt(BINARY_SUFFIXES.indexOf(suffix as "Ki")) * NANOS, 1n]
    : powerOfTen(exponent ? Number(suffix.slice(1)) : 3 * (DECIMAL_SUFFIXES.indexOf(suffix as "n") - NANO_POWER));
  const divisor = down * 10n ** BigInt(fraction.length);
  // What is finer than a nano is rounded away from zero.
  const exact = (digits * up + divisor - 1n) / divisor;
  const nanos = binary && exact > BINARY_MAX ? BINARY_MAX : exact;
  return { nanos: sign === "-" ? -nanos : nanos, binary, exponent };
}

/** Factors that turn units of 10^power into nanos. */
function powerOfTen(power: number): [bigint, bigint] {
  const nanoPower = power + 9;
  return nanoPower >= 0 ? [10n ** BigInt(nanoPower), 1n] : [1n, 10n ** BigInt(-nanoPower)];
}

function binaryText(bytes: bigint): string {
  let [rest, power] = [bytes, 0];
  while (rest % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) [rest, power] = [rest / 1024n, power + 1];
  return `${rest}${BINARY_SUFFIXES[power]}`;
}

function decimalText(nanos: bigint, exponent: boolean): string {
  let [rest, power] = [nanos, 0];
  while (rest % 1000n === 0n && power < DECIMAL_SUFFIXES.length - 1) [rest, power] = [rest / 1000n, power + 1];
  if (!exponent) return `${rest}${DECIMAL_SUFFIXES[power]}`;
  return power === NANO_POWER ? `${rest}` : `${rest}e${3 * (power - NANO_POWER)}`;
}
