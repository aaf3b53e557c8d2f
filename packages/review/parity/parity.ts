import { isList, isObject, Settled, Unknown, type Value } from "../language";
import { type AppliedTree, attributeChanges, type InstanceState, type StackState, type TreePlan } from "../plan";

export interface ParityOptions {
  /** Differences that are meant, each with its reason. */
  readonly allow: readonly AllowedDifference[];
  /** Further pairs of stack prefixes that should be alike: `staging-eu-west-1` and `production-eu-west-1`. */
  readonly pairs: readonly (readonly [string, string])[];
}

interface AllowedDifference {
  /** Address with `*`, optionally followed by an attribute path: `aws_db_instance.* multi_az`. */
  readonly what: string;
  readonly reason: string;
}

export interface ParityReport {
  readonly pairs: readonly PairReport[];
}

interface PairReport {
  readonly left: string;
  readonly right: string;
  /** Differences that the change brings. */
  readonly added: readonly string[];
  /** Differences that it takes away. */
  readonly resolved: readonly string[];
  /** Differences that were there and stay. */
  readonly kept: number;
  /** Differences covered by the allow-list. */
  readonly allowed: number;
}

/** Regions as AWS names them. */
const REGION =
  /\b(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:central|east|north|northeast|northwest|south|southeast|southwest|west)-\d\b/g;

/** Compares stacks that differ only by their region, and the pairs that the project names. */
export function parityOf(plan: TreePlan, options: ParityOptions): ParityReport {
  const names = [...new Set([...plan.base.states.keys(), ...plan.head.states.keys()])];
  return {
    pairs: pairsOf(names, options.pairs).flatMap(([left, right]) => {
      const before = differences(plan.base, left, right);
      const after = differences(plan.head, left, right);
      const meant = (text: string): boolean => options.allow.some(({ what }) => allows(what, text));
      const added = [...after].filter((text) => !before.has(text));
      const pair = {
        left,
        right,
        added: added.filter((text) => !meant(text)),
        resolved: [...before].filter((text) => !after.has(text)),
        kept: [...after].filter((text) => before.has(text) && !meant(text)).length,
        allowed: [...after].filter(meant).length,
      };
      return pair.added.length + pair.resolved.length + pair.kept + pair.allowed > 0 ? [pair] : [];
    }),
  };
}

/** Two or more stacks with the same name but for the region; the first in the alphabet is the measure. */
function pairsOf(names: readonly string[], extra: ParityOptions["pairs"]): [string, string][] {
  const families = new Map<string, string[]>();
  for (const name of names) {
    const family = name.replaceAll(REGION, "*");
    if (family !== name) families.set(family, [...(families.get(family) ?? []), name]);
  }
  const regional = [...families.values()].flatMap((members) => {
    const [first, ...others] = members.sort();
    return others.map((other): [string, string] => [first!, other]);
  });
  const named = extra.flatMap(([left, right]) =>
    names
      .filter((name) => name.startsWith(left))
      .map((name): [string, string] => [name, right + name.slice(left.length)]),
  );
  return [...regional, ...named.filter(([, right]) => names.includes(right))];
}

function differences({ states }: AppliedTree, left: string, right: string): Set<string> {
  const [one, other] = [states.get(left), states.get(right)];
  if (!one || !other) return new Set();
  const [leftResources, rightResources] = [byRegionlessAddress(one), byRegionlessAddress(other)];
  const addresses = [...new Set([...leftResources.keys(), ...rightResources.keys()])];
  const [ofLeft, ofRight] = [wordsOnlyIn(left, right), wordsOnlyIn(right, left)];
  return new Set(
    addresses.flatMap((address) => {
      const [here, there] = [leftResources.get(address), rightResources.get(address)];
      if (!here) return [`${address} only in ${right}`];
      if (!there) return [`${address} only in ${left}`];
      const changes = attributeChanges(
        comparable(here.config.body as Value, ofLeft),
        comparable(there.config.body as Value, ofRight),
      );
      return changes.map(({ path }) => `${address} ${path}`);
    }),
  );
}

function byRegionlessAddress(state: StackState): Map<string, InstanceState> {
  return new Map([...state.resources].map(([address, instance]) => [address.replaceAll(REGION, "*"), instance]));
}

/** `staging` of `staging-eu-west-1-data`, held against `production-eu-west-1-data`. */
function wordsOnlyIn(name: string, other: string): readonly string[] {
  const words = other.replaceAll(REGION, "").split("-");
  return name
    .replaceAll(REGION, "")
    .split("-")
    .filter((word) => word !== "" && !words.includes(word));
}

/** What has to differ: names of regions, zones and environments, abbreviations, accounts and address ranges. */
function comparable(value: Value, ownWords: readonly string[]): Value {
  if (typeof value === "string") {
    const withoutPlace = value.replaceAll(ZONE, "*").replaceAll(REGION, "*").replaceAll(ABBREVIATION, "*");
    const withoutNumbers = withoutPlace
      .replaceAll(RANGE, "range")
      .replaceAll(ACCOUNT, "account")
      .replaceAll(LOGICAL_HASH, "");
    return ownWords.reduce((text, word) => text.replaceAll(word, "*"), withoutNumbers);
  }
  if (isList(value)) return value.map((item) => comparable(item, ownWords));
  if (value instanceof Settled || value instanceof Unknown || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, comparable(item, ownWords)]));
}

const ACCOUNT = /\b\d{12}\b/g;
const ZONE = new RegExp(`${REGION.source.slice(0, -2)}[a-f]\\b`, "g");
/** `euw1`, as AWS's own zone ids abbreviate. */
const ABBREVIATION = /\b(?:af|ap|ca|eu|il|me|mx|sa|us)(?:c|e|n|ne|nw|s|se|sw|w)\d\b/g;
const RANGE = /\b\d+\.\d+\.\d+\.\d+(?:\/\d+)?\b/g;
/** cdktf's hash behind a logical id follows the stack's construct path. */
const LOGICAL_HASH = /_[0-9A-F]{8}(?=[.\]}"]|$)/g;

function allows(what: string, text: string): boolean {
  const pattern = what.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^ ]*");
  return new RegExp(`^${pattern}(?: |\\.|\\[|$)`).test(text);
}
