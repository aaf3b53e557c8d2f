import { readFileSync } from "node:fs";

const FIELDS = ["AnonHugePages", "ShmemPmdMapped", "FilePmdMapped", "Shared_Hugetlb", "Private_Hugetlb"];

/** Bytes of this process on huge pages, transparent and reserved ones together; 0 where the kernel does not tell. */
export function hugepageBytes(path = "/proc/self/smaps_rollup"): number {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return 0;
  }
  return FIELDS.reduce(
    (sum, field) => sum + Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024,
    0,
  );
}
