import type { Value } from "../language";
import { comparePolicies, isSweeping, type Permission, permissionText } from "../policies";
import { type Breach, breachOf, type ChangedResource, type Rule } from "./rule";

/** Where types keep a policy document. */
const DOCUMENTS = [
  "policy",
  "assume_role_policy",
  "access_policy",
  "access_policies",
  "repository_policy",
  "inline_policy",
];
/** Managed policies that give everything. */
const ADMINISTRATION = /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;
/** More than these would only repeat the point. */
const SHOWN_MAX = 6;

export const ACCESS_RULES: readonly Rule[] = [
  {
    id: "RV-IAM-1",
    severity: "high",
    title: "A policy permits more",
    explanation:
      "Policies are compared by meaning: order, grouping and wildcards are resolved. What is listed was not permitted before.",
    find: ({ verdicts }) => verdicts.flatMap((verdict) => widened(verdict, (name) => name !== "assume_role_policy")),
  },
  {
    id: "RV-IAM-2",
    severity: "critical",
    title: "More principals may assume a role",
    explanation: "Anyone who may assume the role has all of its permissions.",
    find: ({ verdicts }) => verdicts.flatMap((verdict) => widened(verdict, (name) => name === "assume_role_policy")),
  },
  {
    id: "RV-IAM-3",
    severity: "high",
    title: "A managed policy or access entry is attached",
    explanation: "Its permissions are defined elsewhere and are not part of this comparison.",
    find: ({ verdicts }) => verdicts.flatMap(attached),
  },
];

function widened(verdict: ChangedResource, wanted: (name: string) => boolean): Breach[] {
  const { before, applied: after } = verdict;
  if (after === null || verdict.action === "no-op" || verdict.action === "read") return [];
  return DOCUMENTS.filter((name) => wanted(name) && name in after && (after[name] ?? null) !== null).flatMap((name) => {
    const comparison = comparePolicies(before?.[name] ?? null, after[name] ?? null);
    // What is new has nothing to be compared with, and what is replaced is about another object.
    const isNew = before === null || verdict.action === "replace";
    const listed = isNew ? comparison.wider.filter(isSweeping) : comparison.wider;
    return listed.length === 0 ? [] : [permits(verdict, name, listed)];
  });
}

function permits(verdict: ChangedResource, name: string, wider: readonly Permission[]): Breach {
  const lines = wider.slice(0, SHOWN_MAX).map(permissionText);
  const more = wider.length > SHOWN_MAX ? [`and ${wider.length - SHOWN_MAX} more`] : [];
  const sweeping = wider.some(isSweeping);
  return breachOf(
    verdict,
    `${name} now permits ${[...lines, ...more].join("; ")}`,
    sweeping ? { severity: "critical" } : {},
  );
}

function attached(verdict: ChangedResource): Breach[] {
  const { type } = verdict.config;
  if (verdict.action !== "create" && verdict.action !== "replace") return [];
  if (!["aws_iam_role_policy_attachment", "aws_eks_access_policy_association"].includes(type)) return [];
  const arn: Value = verdict.after?.policy_arn ?? null;
  // Its own policies are in the same change and compared by meaning there; AWS's administrative ones are the danger.
  const administers =
    typeof arn === "string" && (ADMINISTRATION.test(arn) || arn.endsWith("AmazonEKSClusterAdminPolicy"));
  return administers ? [breachOf(verdict, `${arn} is attached`, { severity: "critical" })] : [];
}
