/** What tests of every room need: outside programs that have to be there, and patience. */
export { endWithout, suiteThatNeeds, testThatNeeds } from "./needs";
export { findTool, NGINX_FOLDER, requires, runTool, TOOL_CACHE, type ToolResult } from "./tool";
export { until } from "./until";
