import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../../../environments";
import { synthesize } from "../../../stacks";
import { type Places, placesOf } from "./places";

/** Where an environment's things are, from its file as it is now. */
export function synthesizedPlaces(environment: string): Places {
  const draft = mkdtempSync(join(tmpdir(), "places-"));
  try {
    return placesOf(synthesize({ [environment]: environmentInputs[environment]! }, join(draft, "cdktf.out"))[0]!);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
