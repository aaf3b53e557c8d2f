import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../../../environments";
import { synthesize } from "../../../stacks";
import { type ResourceNames, resourceNamesOf } from "./resource-names";

/** Where an environment's things are, from its file as it is now. */
export function synthesizedResourceNames(environment: string): ResourceNames {
  const draft = mkdtempSync(join(tmpdir(), "resourceNames-"));
  try {
    return resourceNamesOf(
      synthesize({ [environment]: environmentInputs[environment]! }, join(draft, "cdktf.out"))[0]!,
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
