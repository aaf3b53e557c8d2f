export { addCapacity } from "./capacity";
export { type ObjectChange, objectChanges } from "./object-changes";
export { at, containersOf, podTemplateOf } from "./pod-template";
