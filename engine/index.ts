export * from "./configuration";
export type { Capacity } from "./matching/capacity";
export * from "./protocol";
export * from "./threads/engine";
export { openEngine } from "./threads/open-engine";
