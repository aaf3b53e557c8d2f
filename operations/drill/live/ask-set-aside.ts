import { type Command, changes, reads } from "./command";
import type { Places } from "./places";

/** What is asked of the engines about the commands that they keep aside. */
export type SetAsideQuestion =
  | { readonly kind: "list" }
  | { readonly kind: "show"; readonly file: string; readonly from: number }
  | { readonly kind: "replay"; readonly file: string };

/** Exit code of an engine that does not have the file. */
const NOT_HERE = 3;
/** What the API gives at once. */
const SHOWN_AT_ONCE = 1_000;

/**
 * Asks every engine of every region, for a file lies on the disk of the engine that was left behind, which is rarely the
 * active one. A list is of all of them; a file is shown or entered again by the one that has it. The token goes in by
 * standard input, as in `tellEngine`.
 */
export function askSetAside({ regions }: Places, question: SetAsideQuestion): Command {
  const pods = Object.values(regions).flatMap(({ cluster, engines }) => engines.map((pod) => ({ cluster, pod })));
  const ask = `ask() { printf %s "$HFT_OPERATOR_TOKEN" | kubectl --context "$1" --namespace trading exec --stdin "$2" -- node -e '${script(question)}'; }`;
  if (question.kind === "list") {
    const each = pods.map(({ cluster, pod }) => `echo "${cluster} ${pod}:"; ask ${cluster} ${pod} || failed=1`);
    return reads("sh", "-c", [ask, "failed=0", ...each, "exit $failed"].join("; "));
  }
  const each = pods.map(
    ({ cluster, pod }) => `ask ${cluster} ${pod}; case $? in 0) exit 0;; ${NOT_HERE}) ;; *) exit 1;; esac`,
  );
  const none = `echo "no engine keeps ${question.file}; \\"set-aside list\\" names the files" >&2; exit 1`;
  return (question.kind === "replay" ? changes : reads)("sh", "-c", [ask, ...each, none].join("; "));
}

function script(question: SetAsideQuestion): string {
  const path = "/api/admin/set-aside";
  const [method, what] =
    question.kind === "list"
      ? ["GET", path]
      : question.kind === "show"
        ? ["GET", `${path}/${question.file}?from=${question.from}&count=${SHOWN_AT_ONCE}`]
        : ["POST", `${path}/${question.file}/enter`];
  return [
    'let token="";process.stdin.on("data",(part)=>{token+=part}).on("end",async()=>{',
    `const answer=await fetch("http://127.0.0.1:8080${what}",`,
    `{method:"${method}",headers:{authorization:"Bearer "+token}});`,
    `if(answer.status===404)process.exit(${NOT_HERE});`,
    "const text=await answer.text();",
    "if(!answer.ok){console.error(text);process.exit(1)}",
    "const found=JSON.parse(text);",
    "for(const one of Array.isArray(found)?found:[found])console.log(JSON.stringify(one))})",
  ].join("");
}
