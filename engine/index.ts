export * from "./configuration";
export type { Capacity } from "./matching/capacity";
export type { AccountPosition, Depth, DepthLevel, OpenOrder } from "./matching/state-questions";
export * from "./protocol";
export type { AloneDecision } from "./replication/not-alone";
export { type PromotionDecision, PromotionRefused } from "./replication/promotion-check";
export type { StandbyPresence } from "./replication/standby-presence";
export { bundleEntries } from "./threads/bundle";
export * from "./threads/engine";
/** An engine as a process of its own that can be killed and started again: for drills and crash tests. */
export { EngineNode, type NodeOptions } from "./threads/engine-node";
/** For whoever starts engines side by side on one machine and restarts them on their ports: rehearsals and tests. */
export { freePort } from "./threads/free-port";
export { JsonLineSocket } from "./threads/json-line-socket";
export { KillableProcess } from "./threads/killable-process";
export { killLeftover } from "./threads/leftover-process";
export type { NodeAnswer, NodeOrder } from "./threads/node-messages";
export { openEngine } from "./threads/open-engine";
