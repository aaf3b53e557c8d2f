import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../../environments";
import { synthesize } from "../../stacks";
import { runbookPages } from "./pages";

const DIRECTORY = "docs/runbooks";

const draft = mkdtempSync(join(tmpdir(), "runbooks-"));
try {
  const [production] = synthesize({ production: environmentInputs.production }, join(draft, "cdktf.out"));
  const pages = runbookPages(production!);
  mkdirSync(DIRECTORY, { recursive: true });
  for (const file of readdirSync(DIRECTORY)) if (!(file in pages)) rmSync(join(DIRECTORY, file));
  for (const [file, page] of Object.entries(pages)) writeFileSync(join(DIRECTORY, file), page);
  console.log(`${Object.keys(pages).length} runbooks in ${DIRECTORY}`);
} finally {
  rmSync(draft, { recursive: true, force: true });
}
