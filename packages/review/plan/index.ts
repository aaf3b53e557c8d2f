export { attributeChanges } from "./changes";
export { placeOf } from "./stack-pairs";
export type { InstanceState, PublishedParameter, StackState } from "./state";
export { type AppliedTree, planTree, type TreePlan } from "./tree-plan";
export {
  originOf,
  type ResourceVerdict,
  type StackPlan,
} from "./verdict";
