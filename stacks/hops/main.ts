import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { environmentInputs, loadEnvironments } from "../../environments";
import { withHops } from "./hops-document";

/** Draws the tables of hops into docs/certificates.md: `npm run docs:hops`. */
const FILE = "docs/certificates.md";
const document = withHops(readFileSync(FILE, "utf8"), loadEnvironments(environmentInputs));
writeFileSync(`${FILE}.new`, document);
renameSync(`${FILE}.new`, FILE);
