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
    message: `${first.from} is destroyed and ${first.to} created${more}, though they agree in what they say`,
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
    title: "Something stateful is destroyed",
    explanation: "What this resource holds is not in the configuration and does not come back with an apply.",
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
    title: "Something stateful is replaced",
    explanation: "A replacement destroys the old object; the new one starts empty.",
    find: ({ verdicts }) =>
      verdicts
        .filter(({ action, config }) => action === "replace" && isStateful(config.type))
        .map((verdict) => {
          const forced = [...verdict.forcedBy.map(({ path }) => path), ...verdict.triggeredBy].join(", ");
          return breachOf(
            verdict,
            `${verdict.address} is replaced because of ${forced}; lost is ${whatIsLost(verdict.config.type)}`,
          );
        }),
  },
  {
    id: "RV-STATE-3",
    severity: "medium",
    title: "A rename that Terraform takes for destroy and create",
    explanation:
      "The logical id follows the construct path. A moved block keeps the object and only changes its address.",
    find: ({ renames }) => [
      ...renames.filter(({ type }) => isStateful(type)).map(renamedStateful),
      ...[...groupByStack(renames.filter(({ type }) => !isStateful(type)))].map(renamedTogether),
    ],
  },
  {
    id: "RV-STATE-4",
    severity: "high",
    title: "prevent_destroy is taken away",
    explanation: "Without it, the next change that forces a replacement destroys the object without a question.",
    find: ({ verdicts }) =>
      verdicts
        .filter(
          ({ action, config, baseConfig }) =>
            action !== "delete" && baseConfig?.lifecycle.preventDestroy && !config.lifecycle.preventDestroy,
        )
        .map((verdict) => breachOf(verdict, `${verdict.address} had lifecycle.prevent_destroy and has it no longer`)),
  },
  {
    id: "RV-STATE-5",
    severity: "high",
    title: "A state is kept in another place",
    explanation: "terraform init asks to migrate the state; without that, everything is created a second time.",
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
    title: "A whole stack is gone",
    explanation:
      "cdktf forgets the stack without destroying anything: what it made stays and costs, and nothing manages it.",
    find: ({ plan }) =>
      plan.removedStacks.map((stack) => ({
        stack,
        message: `no configuration for ${stack} any more; destroy it first (cdktf destroy ${stack}), with the old commit`,
      })),
  },
  {
    id: "RV-STATE-7",
    severity: "high",
    title: "A replacement that another stack holds on to",
    explanation:
      "The old object is destroyed in its own stack's apply, before the other stack has let go of it; AWS then refuses and the apply stops half way. Bring in the new one beside the old, move the users over, then take the old one away.",
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
    title: "Terraform would refuse",
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
    explanation: "No installed provider package describes them: a replacement is not recognised, only a change.",
    find: ({ plan }) =>
      plan.unknownTypes.length === 0
        ? []
        : [{ message: `no schema of ${plan.unknownTypes.join(", ")}; install the @cdktf/provider-… package` }],
  },
  {
    id: "RV-PLAN-3",
    severity: "high",
    title: "Stacks wait for each other",
    explanation: "There is no order in which they can be deployed.",
    find: ({ plan }) =>
      plan.head.order.cycle.length === 0
        ? []
        : [{ message: `these stacks wait for each other: ${plan.head.order.cycle.join(", ")}` }],
  },
];
