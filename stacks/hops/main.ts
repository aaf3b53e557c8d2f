import { readFileSync } from "node:fs";
import { replaceFile } from "@hft/toolkit";
import { environmentInputs, loadEnvironments } from "../../environments";
import { withHops } from "./hops-document";

/** Draws the tables of hops into docs/certificates.md: `npm run docs:hops`. */
const FILE = "docs/certificates.md";
const document = withHops(readFileSync(FILE, "utf8"), loadEnvironments(environmentInputs));
replaceFile(FILE, document);
