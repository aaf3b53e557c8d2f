import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { environmentInputs, loadEnvironments } from "../../environments";
import { declaredConnections } from "../platform";
import { withConnections } from "./connections-diagram";

/** Draws the connections of production into docs/kubernetes.md: `npm run docs:connections`. */
const FILE = "docs/kubernetes.md";
const production = loadEnvironments(environmentInputs).find(({ name }) => name === "production")!;
const document = withConnections(readFileSync(FILE, "utf8"), declaredConnections(production, production.activeRegion));
writeFileSync(`${FILE}.new`, document);
renameSync(`${FILE}.new`, FILE);
