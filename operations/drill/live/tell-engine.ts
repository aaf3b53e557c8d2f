import type { AloneDecision, PromotionDecision } from "@hft/engine";
import { ENGINE_METRICS } from "@hft/engine/configuration";
import { type Command, changes } from "./command";
import type { RegionResourceNames } from "./resource-names";

/** What an engine is told through its own API. */
export type EngineMessage =
  | { readonly kind: "promote"; readonly decision: PromotionDecision }
  | { readonly kind: "continue-alone"; readonly decision: AloneDecision };

/** The engine that each is for, and the answer that means that it is so already. */
const ADDRESSEES = {
  promote: { role: "standby", done: "this engine is active" },
  "continue-alone": { role: "active", done: "the standby is attached" },
} as const;

/** Exit code of an engine that is not in the role. */
const NOT_THIS_ONE = 3;

/**
 * Tells a region's engine something from inside its pod. Which pod it is follows from the roles that the engines have
 * at that moment, since either of two may be active. The token goes in by standard input: an argument would be seen in
 * the list of processes.
 */
export function tellEngine({ region, cluster, engines }: RegionResourceNames, message: EngineMessage): Command {
  const { role, done } = ADDRESSEES[message.kind];
  const what = `${message.kind}?decision=${message.decision}`;
  // One engine is told whatever its role is: when it is so already, its answer says that.
  const asksForRole = engines.length > 1;
  const isRole = `(await(await fetch(at+"/metrics")).text()).includes("${ENGINE_METRICS.role.name}{role=\\"${role}\\"} 1")`;
  const script = [
    'let token="";process.stdin.on("data",(part)=>{token+=part}).on("end",async()=>{',
    'const at="http://127.0.0.1:8080";',
    ...(asksForRole ? [`if(!${isRole})process.exit(${NOT_THIS_ONE});`] : []),
    `const answer=await fetch(at+"/api/admin/${what}",`,
    '{method:"POST",headers:{authorization:"Bearer "+token}});',
    "const text=await answer.text();console.log(text);",
    `process.exit(answer.ok||text.includes("${done}")?0:1)})`,
  ].join("");
  const exec = (pod: string) =>
    `printf %s "$HFT_OPERATOR_TOKEN" | kubectl --context ${cluster} --namespace trading exec --stdin ${pod} -- node -e '${script}'`;
  if (!asksForRole) return changes("sh", "-c", exec(engines[0]!));
  const none = `echo "no engine of ${region} is ${role}" >&2; exit 1`;
  return changes("sh", "-c", `for pod in ${engines.join(" ")}; do ${exec('"$pod"')} && exit 0; done; ${none}`);
}
