export { comparePolicies, isSweeping, permissionText } from "./policy-comparison";
export type { Permission } from "./policy-statements";
