import { at, type ObjectChange } from "../kubernetes";
import { isJsonObject, type KubernetesObject, type SynthesizedTree } from "../tree";
import type { Breach, Changes } from "./rule";

/** A breach that the change itself declares and gives a reason for. */
export interface Acceptance {
  readonly rule: string;
  /** Address or object that it is about; absent when it is about the whole stack. */
  readonly subject?: string;
  readonly reason: string;
  /** The same text was there before this change: it was written for another one and counts no more. */
  readonly stale: boolean;
}

/** A reason that says nothing is no reason. */
export const REASON_LENGTH_MIN = 12;
/** Annotation of a Kubernetes object: `review/RV-K8S-2: <reason>`. */
const ANNOTATION_PREFIX = "review/";

/** The acceptance that speaks for a breach, if any. */
export function acceptanceOf(rule: string, breach: Breach, changes: Changes): Acceptance | undefined {
  return acceptancesOf(breach, changes).find((acceptance) => acceptance.rule === rule);
}

/** What the head says about the place of a breach. */
function acceptancesOf(breach: Breach, { plan, verdicts, objects }: Changes): Acceptance[] {
  const verdict = verdicts.find(({ stack, address }) => stack === breach.stack && address === breach.address);
  const own = verdict && verdict.action !== "delete" ? verdict.config.accept : {};
  const ownBefore = verdict?.baseConfig?.accept ?? {};
  const change = objects.find(({ file, id }) => file === breach.object?.file && id === breach.object?.id);
  const subject = breach.address ?? breach.object?.id;
  return [
    ...collect(own, ownBefore, subject),
    ...annotated(change, subject),
    ...forSubject(plan.head.tree, plan.base.tree, breach.stack, subject),
  ];
}

function collect(
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  subject?: string,
): Acceptance[] {
  return Object.entries(now).map(([rule, reason]) => ({
    rule,
    ...(subject !== undefined && { subject }),
    reason,
    stale: before[rule] === reason,
  }));
}

function annotated(change: ObjectChange | undefined, subject?: string): Acceptance[] {
  const read = (body: KubernetesObject["body"] | undefined): Record<string, string> => {
    const annotations = at(body, "metadata", "annotations");
    const entries = isJsonObject(annotations) ? Object.entries(annotations) : [];
    return Object.fromEntries(
      entries
        .filter(([name]) => name.startsWith(ANNOTATION_PREFIX))
        .map(([name, reason]) => [name.slice(ANNOTATION_PREFIX.length), String(reason)]),
    );
  };
  return change ? collect(read(change.after), read(change.before), subject) : [];
}

/** Stack-level entries: `RV-STATE-1 aws_db_instance.main`, or the rule alone for a breach without a resource. */
function forSubject(
  head: SynthesizedTree,
  base: SynthesizedTree,
  stack: string | undefined,
  subject?: string,
): Acceptance[] {
  const speaking = (tree: SynthesizedTree): Record<string, string> => {
    const stacks = tree.stacks.filter(
      ({ name }) => stack === undefined || name === stack || !head.stacks.some((own) => own.name === stack),
    );
    return Object.fromEntries(stacks.flatMap(({ accept }) => Object.entries(accept)));
  };
  const before = speaking(base);
  return Object.entries(speaking(head)).flatMap(([key, reason]) => {
    const [rule, ...rest] = key.split(" ");
    const about = rest.join(" ");
    const fits = about === (subject ?? stack ?? "") || (about === "" && subject === undefined);
    return fits
      ? [{ rule: rule!, ...(subject !== undefined && { subject }), reason, stale: before[key] === reason }]
      : [];
  });
}
