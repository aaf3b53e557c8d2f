import { type Command, changes, reads } from "./command";
import type { ResourceNames } from "./resource-names";

/** What is asked of the engines about the commands that they keep aside. */
export type SetAsideQuestion =
  | { readonly kind: "list" }
  | { readonly kind: "show"; readonly file: string; readonly from: number }
  | { readonly kind: "replay"; readonly file: string; readonly enterUnknown?: boolean };

/**
 * Exit code of an engine that refuses. Every other one says that it is another engine's: it lacks the file, stands by,
 * is away.
 */
const REFUSED = 5;
const NOT_HERE = 3;
/** What the API gives at once. */
const SHOWN_AT_ONCE = 1_000;
const ENGINE = "http://127.0.0.1:8080";
const API = `${ENGINE}/api/admin/set-aside`;
const HEALTH = `${ENGINE}/health`;

/**
 * Asks every engine of every region, for a file lies on the disk of the engine that was left behind, which is rarely
 * the active one. A list is of all of them; a file is shown by the one that has it. To be entered again it is fetched
 * from there, given to the active engine with the checksum that its own engine tells, and marked where it lies. The
 * token goes in by standard input, as in `tellEngine`.
 */
export function askSetAside({ regions }: ResourceNames, question: SetAsideQuestion): Command {
  const pods = Object.values(regions).flatMap(({ cluster, engines }) => engines.map((pod) => `${cluster} ${pod}`));
  if (question.kind === "list") {
    const each = pods.map((pod) => `echo "${pod}:"; ask ${pod} || failed=1`);
    return reads("sh", "-c", [inPod("ask", LIST), "failed=0", ...each, "exit $failed"].join("; "));
  }
  const none = `no engine has ${question.file}; \\"set-aside list\\" lists the files`;
  const steps =
    question.kind === "show"
      ? [inPod("ask", show(question.file, question.from)), firstOf(pods, "ask", none)]
      : [
          "kept=$(mktemp)",
          'trap "rm -f $kept" EXIT',
          `${inPod("take", take(question.file))} > "$kept"`,
          inPod("enter", enter(question.enterUnknown ?? false), `{ ${TOKEN}; echo; cat "$kept"; }`),
          inPod("mark", mark(question.file)),
          firstOf(pods, "take", none),
          'keeper="$found"',
          firstOf(pods, "enter", "no engine is active"),
          "mark $keeper",
        ];
  return (question.kind === "replay" ? changes : reads)("sh", "-c", steps.join("; "));
}

const TOKEN = 'printf %s "$HFT_OPERATOR_TOKEN"';

/** A function of the shell that runs a script of Node in the pod `$2` of the cluster `$1`. */
const inPod = (name: string, script: string, input = TOKEN): string =>
  `${name}() { ${input} | kubectl --context "$1" --namespace trading exec --stdin "$2" -- node -e '${script}'; }`;

/** Puts the same to one pod after the other until one does it, which is named in `$found`. */
const firstOf = (pods: readonly string[], ask: string, none: string): string =>
  `found=; for pod in ${pods.map((pod) => `"${pod}"`).join(" ")}; do ${ask} $pod; ` +
  `case $? in 0) found=$pod; break;; ${REFUSED}) exit 1;; esac; done; ` +
  `[ -n "$found" ] || { echo "${none}" >&2; exit 1; }`;

/** A script that has read all of its standard input into `input`. */
const reading = (...lines: readonly string[]): string =>
  [
    'const parts=[];process.stdin.on("data",(part)=>parts.push(part)).on("end",async()=>{',
    "const input=Buffer.concat(parts);",
    `const fail=(text,code=${REFUSED})=>{console.error(text);process.exit(code)};let lost=${NOT_HERE};`,
    'process.on("unhandledRejection",(error)=>fail(String(error),lost));',
    ...lines,
    "})",
  ].join("");

/** Asks the engine; `answer` is what it says when it does not refuse. */
const asking = (method: string, path: string): string =>
  [
    `const answer=await fetch("${API}${path}",{method:"${method}",headers:{authorization:"Bearer "+input}});`,
    `if(answer.status===404)process.exit(${NOT_HERE});`,
    "if(!answer.ok)fail(await answer.text());",
  ].join("");

const EACH_IN_A_LINE = "for(const one of await answer.json())console.log(JSON.stringify(one))";
const LIST = reading(asking("GET", ""), EACH_IN_A_LINE);
const show = (file: string, from: number): string =>
  reading(asking("GET", `/${file}?from=${from}&count=${SHOWN_AT_ONCE}`), EACH_IN_A_LINE);
const mark = (file: string): string => reading(asking("PUT", `/${file}/entered`));

/** A line with the name and the checksum that the engine tells, then the file itself. */
const take = (file: string): string =>
  reading(
    asking("GET", `/${file}/file`),
    'const name=/filename="([^"]+)"/.exec(answer.headers.get("content-disposition"))[1];',
    'process.stdout.write(name+" "+answer.headers.get("content-digest")+"\\n");',
    "process.stdout.write(Buffer.from(await answer.arrayBuffer()))",
  );

/**
 * Gets a line with the token, and what `take` has written. Says what became of each command, and fails with the last
 * line.
 *
 * @param enterUnknown also commands of which the file does not say whether they were refused
 */
const enter = (enterUnknown: boolean): string =>
  reading(
    `if((await(await fetch("${HEALTH}")).json()).role!=="active")process.exit(${NOT_HERE});`,
    "const second=input.indexOf(10)+1;const bytes=input.indexOf(10,second)+1;",
    "const token=String(input.subarray(0,second-1));",
    'const [name,digest]=String(input.subarray(second,bytes-1)).split(" ");',
    'const headers={authorization:"Bearer "+token,"content-type":"application/octet-stream","content-digest":digest};',
    `lost=${REFUSED};const answer=await fetch("${API}/"+name+"/enter${enterUnknown ? "?unknownOutcomes=enter" : ""}",{method:"POST",headers,body:input.subarray(bytes)});`,
    "if(!answer.ok)fail(await answer.text());",
    'let last="";',
    "for await(const part of answer.body){const text=Buffer.from(part).toString();",
    "process.stdout.write(text);last=(last+text).slice(-4096)}",
    'const end=JSON.parse(last.trimEnd().split("\\n").at(-1));',
    `if(end.problem||end.accepted===undefined)process.exitCode=${REFUSED}`,
  );
