import { readFileSync, writeFileSync } from "node:fs";
import { withGeneratedParts } from "./architecture";

// Draws the table and the diagram of ARCHITECTURE.md anew: `npm run docs:architecture`.
writeFileSync("ARCHITECTURE.md", withGeneratedParts(readFileSync("ARCHITECTURE.md", "utf8")));
