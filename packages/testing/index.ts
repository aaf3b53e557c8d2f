/** What tests of every room need: outside programs that have to be there, the repository's own files, and patience. */
export { accepts } from "./accepts";
export { endWithout, suiteThatNeeds, testThatNeeds } from "./needs";
export { isAlive } from "./processes";
export { repositoryFiles, trackedFiles } from "./repository-files";
export { findTool, NGINX_FOLDER, requires, runTool, runToolBeside, TOOL_CACHE, toolOutput } from "./tool";
export { until } from "./until";
