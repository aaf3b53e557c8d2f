import { BlockList, isIP } from "node:net";

interface Range {
  readonly address: string;
  readonly prefixLength: number;
  readonly family: "ipv4" | "ipv6";
}

/** Whether one CIDR range lies in another; texts that are no ranges are compared as they are. */
export function containsRange(outer: string, inner: string): boolean {
  const [wide, narrow] = [parse(outer), parse(inner)];
  if (!wide || !narrow) return outer === inner;
  if (wide.family !== narrow.family || wide.prefixLength > narrow.prefixLength) return false;
  const list = new BlockList();
  list.addSubnet(wide.address, wide.prefixLength, wide.family);
  return list.check(narrow.address, narrow.family);
}

/** Whether two CIDR ranges share an address: of two ranges, either one lies in the other or they are apart. */
export function overlaps(one: string, other: string): boolean {
  return containsRange(one, other) || containsRange(other, one);
}

function parse(text: string): Range | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  const version = isIP(address);
  const prefixLength = /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(prefixLength <= (version === 4 ? 32 : 128))) return undefined;
  return { address, prefixLength, family: version === 4 ? "ipv4" : "ipv6" };
}
