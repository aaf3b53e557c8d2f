/** What a change will do, read out of two synthesized trees, and its deployment. */
export { treeIn } from "./commands/sides";
export { type DeployedStack, type DeployRequest, deploy } from "./deploy/deploy";
export { ReviewError } from "./errors";
export { buildReport } from "./report/build-report";
export { renderTerminal } from "./report/render-terminal";
export type { Report } from "./report/report";
export { type Review, reviewTrees } from "./review";
export type { SynthesizedTree } from "./tree";
