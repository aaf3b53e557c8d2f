export * from "./command";
export * from "./encode-command";
export * from "./event";
export * from "./event-batch";
export * from "./event-view";
export * from "./limits";
export * from "./record-buffer";
