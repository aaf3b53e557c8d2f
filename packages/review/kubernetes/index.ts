export { addCapacity, type Capacity, capacityOf } from "./capacity";
export { type FieldChange, type ObjectChange, objectChanges } from "./object-changes";
export { at, containersOf, podTemplateOf } from "./pod-template";
