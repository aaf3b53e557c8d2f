import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../../environments";
import { synthesize } from "../synthesis/synthesize";
import { fillPlace, stackDiagram } from "./stack-diagram";

// Draws the diagrams of ARCHITECTURE.md anew: `npm run docs:architecture`.
const scratch = mkdtempSync(join(tmpdir(), "hft-diagram-"));
try {
  const [production] = synthesize({ production: environmentInputs.production }, join(scratch, "cdktf.out"));
  const document = readFileSync("ARCHITECTURE.md", "utf8");
  writeFileSync(
    "ARCHITECTURE.md",
    fillPlace(document, "stacks", `\`\`\`mermaid\n${stackDiagram(production!)}\n\`\`\``),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
