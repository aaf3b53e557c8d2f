import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * The tags that the stack's AWS provider puts on everything it makes. What AWS makes by itself from a template
 * (instances, their disks, volumes that pods claim) does not get them, so the template has to repeat them.
 */
export function defaultTags(scope: Construct): Readonly<Record<string, string>> {
  const aws = TerraformStack.of(scope)
    .allProviders()
    .find((provider) => provider instanceof AwsProvider);
  const given = aws?.defaultTags;
  return Array.isArray(given) ? (given[0]?.tags ?? {}) : {};
}
