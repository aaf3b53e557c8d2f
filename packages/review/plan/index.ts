export { attributeChanges } from "./changes";
export type { ForcedReplacement } from "./provider-plan";
export type { StackNeed, StackOrder } from "./stack-order";
export { placeOf } from "./stack-pairs";
export type { InstanceState, PublishedParameter, StackState, World } from "./state";
export { type AppliedTree, planTree, type TreePlan } from "./tree-plan";
export {
  type Action,
  type AttributeChange,
  type OutputChange,
  originOf,
  type PlanProblem,
  type ResourceVerdict,
  type StackPlan,
} from "./verdict";
