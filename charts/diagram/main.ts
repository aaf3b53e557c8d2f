import { readFileSync } from "node:fs";
import { replaceFile } from "@hft/toolkit";
import { environmentInputs, loadEnvironments } from "../../environments";
import { declaredConnections } from "../platform";
import { withConnections } from "./connections-diagram";

/** Draws the connections of production into docs/kubernetes.md: `npm run docs:connections`. */
const FILE = "docs/kubernetes.md";
const production = loadEnvironments(environmentInputs).find(({ name }) => name === "production")!;
const document = withConnections(readFileSync(FILE, "utf8"), declaredConnections(production, production.activeRegion));
replaceFile(FILE, document);
