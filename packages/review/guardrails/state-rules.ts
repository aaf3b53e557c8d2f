import { originOf, placeOf } from "../plan";
import { moveText, type RenameCandidate } from "../renames/rename-candidates";
import { type Breach, breachOf, type ChangedResource, type Rule } from "./rule";
import { isStateful, whatIsLost } from "./stateful-types";

/** Types that AWS does not delete while something uses them. */
const HELD = new Set([
  "aws_db_parameter_group",
  "aws_db_subnet_group",
  "aws_elasticache_subnet_group",
  "aws_eks_cluster",
  "aws_iam_policy",
  "aws_iam_role",
  "aws_kms_key",
  "aws_lb_target_group",
  "aws_route_table",
  "aws_security_group",
  "aws_subnet",
  "aws_vpc",
]);

/** What changes in other stacks because of this one. */
function heldBy(verdicts: readonly ChangedResource[], stack: string): ChangedResource[] {
  return verdicts.filter((other) => other.stack !== stack && other.before !== null);
}

function renamedStateful(rename: RenameCandidate): Breach {
  const { cdktf, pinned, hcl } = moveText(rename);
  return {
    stack: rename.stack,
    address: rename.to,
    severity: "critical",
    message: `${rename.from} is destroyed and ${rename.to} created, though ${Math.round(rename.likeness * 100)} % of their arguments agree`,
    remedy: `${cdktf}\nor ${pinned}\nor\n${hcl}`,
  };
}

/** What can be made again is one finding a stack, with everything to paste. */
function renamedTogether([stack, renames]: readonly [string, readonly RenameCandidate[]]): Breach {
  const [first] = renames as readonly [RenameCandidate];
  const more = renames.length === 1 ? "" : ` and ${renames.length - 1} more`;
  return {
    stack,
    ...(renames.length === 1 && { address: first.to }),
    message: `${first.from} is destroyed and ${first.to} created${more}, although their arguments are identical`,
    remedy: renames.map((rename) => moveText(rename).cdktf).join("\n"),
  };
}

function groupByStack(renames: readonly RenameCandidate[]): Map<string, RenameCandidate[]> {
  const groups = new Map<string, RenameCandidate[]>();
  for (const rename of renames) groups.set(rename.stack, [...(groups.get(rename.stack) ?? []), rename]);
  return groups;
}

export const STATE_RULES: readonly Rule[] = [
  {
    id: "RV-STATE-1",
    severity: "critical",
    title: "A stateful resource is destroyed",
    explanation: "The data in this resource is not in the configuration, and an apply does not restore it.",
    find: ({ verdicts, renames }) =>
      verdicts
        .filter(({ action, config }) => action === "delete" && isStateful(config.type))
        .filter(({ stack, address }) => !renames.some((rename) => rename.stack === stack && rename.from === address))
        .map((verdict) =>
          breachOf(verdict, `${verdict.address} is destroyed, and with it ${whatIsLost(verdict.config.type)}`),
        ),
  },
  {
    id: "RV-STATE-2",
    severity: "critical",
    title: "A stateful resource is replaced",
    explanation: "A replacement destroys the old object; the new one starts empty.",
    find: ({ verdicts }) =>
      verdicts
        .filter(({ action, config }) => action === "replace" && isStateful(config.type))
        .map((verdict) => {
          const forced = [...verdict.forcedBy.map(({ path }) => path), ...verdict.triggeredBy].join(", ");
          return breachOf(
            verdict,
            `${verdict.address} is replaced because of ${forced}; this loses ${whatIsLost(verdict.config.type)}`,
          );
        }),
  },
  {
    id: "RV-STATE-3",
    severity: "medium",
    title: "Terraform treats a rename as destroy and create",
    explanation:
      "The logical id is derived from the construct path. A moved block keeps the object and changes only its address.",
    find: ({ renames }) => [
      ...renames.filter(({ type }) => isStateful(type)).map(renamedStateful),
      ...[...groupByStack(renames.filter(({ type }) => !isStateful(type)))].map(renamedTogether),
    ],
  },
  {
    id: "RV-STATE-4",
    severity: "high",
    title: "prevent_destroy is removed",
    explanation: "Without it, the next change that forces a replacement destroys the object without asking.",
    find: ({ verdicts }) =>
      verdicts
        .filter(
          ({ action, config, baseConfig }) =>
            action !== "delete" && baseConfig?.lifecycle.preventDestroy && !config.lifecycle.preventDestroy,
        )
        .map((verdict) => breachOf(verdict, `${verdict.address} no longer has lifecycle.prevent_destroy`)),
  },
  {
    id: "RV-STATE-5",
    severity: "high",
    title: "The location of a state changes",
    explanation:
      "terraform init asks to migrate the state. If it is not migrated, everything is created a second time.",
    find: ({ plan }) =>
      plan.head.tree.stacks.flatMap((stack) => {
        const before = plan.base.tree.stacks.find(({ name }) => name === stack.name);
        if (!before || placeOf(before) === placeOf(stack)) return [];
        return [{ stack: stack.name, message: `the backend changes from ${placeOf(before)} to ${placeOf(stack)}` }];
      }),
  },
  {
    id: "RV-STATE-6",
    severity: "critical",
    title: "A whole stack is removed",
    explanation:
      "cdktf forgets the stack without destroying anything: its resources remain, cost money and are no longer managed.",
    find: ({ plan }) =>
      plan.removedStacks.map((stack) => ({
        stack,
        message: `${stack} no longer has a configuration; destroy it first (cdktf destroy ${stack}), with the old commit`,
      })),
  },
  {
    id: "RV-STATE-7",
    severity: "high",
    title: "A replaced resource is still used by another stack",
    explanation:
      "The old object is destroyed when its own stack is applied, before the other stack has stopped using it. AWS then refuses, and the apply stops half way. Create the new resource next to the old one, move its users over, and then remove the old one.",
    find: ({ verdicts }) =>
      verdicts
        .filter(({ action, config }) => action === "replace" && HELD.has(config.type))
        .flatMap((verdict) => {
          const holders = heldBy(verdicts, verdict.stack).filter(({ causes }) =>
            causes.includes(originOf(verdict.stack, verdict.address)),
          );
          const stacks = [...new Set(holders.map(({ stack }) => stack))];
          return stacks.length === 0
            ? []
            : [
                breachOf(
                  verdict,
                  `${verdict.address} is destroyed while ${holders.length} resources of ${stacks.join(", ")} still use it`,
                ),
              ];
        }),
  },
  {
    id: "RV-PLAN-1",
    severity: "critical",
    title: "Terraform would refuse the change",
    explanation: "The plan fails with this change, so nothing of the stack can be deployed.",
    find: ({ plan }) =>
      plan.head.problems.map(({ stack, address, summary }) => ({
        stack,
        ...(address !== undefined && { address }),
        message: summary,
      })),
  },
  {
    id: "RV-PLAN-2",
    severity: "low",
    title: "Types without a known schema",
    explanation: "No installed provider package describes them, so only changes are recognised, not replacements.",
    find: ({ plan }) =>
      plan.unknownTypes.length === 0
        ? []
        : [{ message: `no schema of ${plan.unknownTypes.join(", ")}; install the @cdktf/provider-… package` }],
  },
  {
    id: "RV-PLAN-3",
    severity: "high",
    title: "Stacks depend on each other in a cycle",
    explanation: "There is no order in which they can be deployed.",
    find: ({ plan }) =>
      plan.head.order.cycle.length === 0
        ? []
        : [{ message: `these stacks form a dependency cycle: ${plan.head.order.cycle.join(", ")}` }],
  },
];
