import type { SynthesizedEnvironment } from "../../stacks";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

interface Binding {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
}

/** What a command of kubectl asks of the API server. */
interface Demand {
  readonly verb: string;
  readonly resource: string;
  /** Undefined for what belongs to no namespace, and for all namespaces at once. */
  readonly namespace?: string;
}

export interface Rights {
  /** The group with the fewest rights that may run all of the commands; administrators where no group may. */
  groupFor(commands: readonly (readonly string[])[]): string;
  allows(group: string, demand: Demand): boolean;
}

/** The access entry of EKS with the policy AmazonEKSClusterAdminPolicy. */
const ADMINISTRATORS = "administrators of the cluster";
const CLUSTER_WIDE = ["nodes", "namespaces", "persistentvolumes"];
const PLURALS: Readonly<Record<string, string>> = {
  pod: "pods",
  node: "nodes",
  job: "jobs",
  externalsecret: "externalsecrets",
};

/** Who may do what in a cluster, read out of its roles and bindings, so that a runbook cannot promise more. */
export function rightsOf({ manifests }: SynthesizedEnvironment): Rights {
  const [objects = []] = manifests.values();
  const all = objects as unknown as readonly Binding[];
  const rules = new Map(
    all.filter(({ kind }) => kind === "ClusterRole").map((role) => [role.metadata.name, role.rules]),
  );
  const bindings = all.filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding");
  const groups = [
    ...new Set(bindings.flatMap(({ subjects = [] }) => subjects.filter(isGroup).map(({ name }) => name))),
  ];
  const allows = (group: string, { verb, resource, namespace }: Demand) =>
    bindings
      .filter(({ subjects = [] }) => subjects.some((subject) => isGroup(subject) && subject.name === group))
      .filter(({ kind, metadata }) => kind === "ClusterRoleBinding" || metadata.namespace === namespace)
      .flatMap(({ roleRef }) => rules.get(roleRef!.name) ?? [])
      .some(({ resources, verbs }) => resources.includes(resource) && verbs.includes(verb));
  const size = (group: string) =>
    bindings
      .filter(({ subjects = [] }) => subjects.some(({ name }) => name === group))
      .flatMap(({ roleRef }) => rules.get(roleRef!.name) ?? []).length;
  const ordered = groups.sort((a, b) => size(a) - size(b));
  return {
    allows,
    groupFor: (commands) => {
      const demands = commands.flatMap(demandsOf);
      const group = ordered.find((each) => demands.every((demand) => demand.verb === "" || allows(each, demand)));
      return group ? `\`${group}\`` : ADMINISTRATORS;
    },
  };
}

const isGroup = ({ kind }: { readonly kind: string }) => kind === "Group";

/** Flags of kubectl that are followed by a value as a word of its own, as runbooks use them. */
const WITH_VALUE = ["--context", "--request-timeout", "--replicas", "--grace-period", "--timeout", "--selector", "-o"];
const MORE_WITH_VALUE = ["--since", "--tail", "--from", "--raw", "--sort-by"];

/** What a command asks for. A verb that is not known here asks for what nobody has. */
function demandsOf(words: readonly string[]): Demand[] {
  const { plain, namespace, flags } = read(words);
  const [verb = "", first = "", second = ""] = plain;
  const within = (action: string, resource: string): Demand => ({
    verb: action,
    resource,
    namespace: CLUSTER_WIDE.includes(resource) ? undefined : namespace,
  });
  switch (verb) {
    case "get":
    case "describe":
      // Every account that the API server knows may ask whether it is ready (role system:public-info-viewer).
      if (flags.includes("--raw")) return [];
      return first.split(",").flatMap((resource) => ["get", "list"].map((action) => within(action, kindOf(resource))));
    case "logs":
      return [within("get", "pods"), within("list", "pods"), within("get", "pods/log")];
    case "exec":
      return [within("get", "pods"), within("create", "pods/exec")];
    case "scale":
      return [within("patch", `${kindOf(first)}/scale`)];
    case "delete":
      return [within("delete", kindOf(first))];
    case "annotate":
      return [within("patch", kindOf(first))];
    case "create":
      return [within("create", kindOf(first)), within("get", "cronjobs")];
    case "rollout": {
      const resource = kindOf(second);
      return first === "status" ? [within("get", resource), within("watch", resource)] : [within("patch", resource)];
    }
    case "port-forward":
      return [within("get", "pods"), within("create", "pods/portforward")];
    default:
      return [within("unknown", verb)];
  }
}

function read(words: readonly string[]) {
  const plain: string[] = [];
  const flags: string[] = [];
  let namespace: string | undefined;
  for (let at = 0; at < words.length && words[at] !== "--"; at++) {
    const word = words[at]!;
    if (word === "--namespace" || word === "-n") namespace = words[++at];
    else if (word.startsWith("-")) {
      flags.push(word);
      if ([...WITH_VALUE, ...MORE_WITH_VALUE].includes(word)) at += 1;
    } else plain.push(word);
  }
  return { plain, namespace, flags };
}

/** `statefulset/engine` → `statefulsets`. */
function kindOf(word: string): string {
  const [kind = ""] = word.split("/");
  return PLURALS[kind] ?? (kind.endsWith("s") ? kind : `${kind}s`);
}
