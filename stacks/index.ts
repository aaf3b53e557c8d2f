export { releasedImageRepository } from "../charts";
export { alertTopicOf } from "./alert-topic";
export { type PlacedResource, resourcesOf } from "./checks/check";
export { stackDiagram } from "./diagram/stack-diagram";
export { InconsistentPlatform, synthesize } from "./synthesis/synthesize";
export type { SynthesizedEnvironment, SynthesizedStack } from "./synthesis/synthesized";
