import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { errors } from "../errors";
import type { ParityOptions } from "../parity/parity";

/** File in the project's root; what it allows is reviewed with every change of it. */
const CONFIGURATION_FILE = "review.config.json";

const schema = z.strictObject({
  parity: z
    .strictObject({
      pairs: z.array(z.tuple([z.string(), z.string()])).default([]),
      allow: z.array(z.strictObject({ what: z.string().min(1), reason: z.string().min(12) })).default([]),
    })
    .default({ pairs: [], allow: [] }),
});

export function readConfiguration(root: string): { readonly parity: ParityOptions } {
  const file = join(root, CONFIGURATION_FILE);
  if (!existsSync(file)) return { parity: { pairs: [], allow: [] } };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw errors.malformedJson(file, (error as Error).message);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw errors.badOption(`${file} ${issue!.path.join(".")}: ${issue!.message}`);
}
