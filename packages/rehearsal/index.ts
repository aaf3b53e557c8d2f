/** A simulated cloud behind the real Terraform: deploy, plan, break and destroy any cdktf app without an account. */
export type { AccountSettings } from "./account/settings";
export type { CloudObject, ObjectFilter } from "./cloud/cloud-object";
export type { Bucket, Rehearsal, RehearsalOptions } from "./rehearsal";
export { startRehearsal } from "./start";
export type { Deployment, DeployOptions, ProgressEvent, StackOutcome } from "./terraform/deployment";
export type { ChangeAction, PlanOptions, ResourceChange, TerraformPlan } from "./terraform/plan-document";
