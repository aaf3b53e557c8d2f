import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import type { ShellCall } from "./shell";

type Finding = string | undefined;

/** A place where nobody listens: a program that gets as far as calling it has understood its words. */
const NOWHERE = "http://127.0.0.1:1";
/** Programs say at the end what they did not understand. */
const KEPT_CHARACTERS = 400;
const folder = mkdtempSync(join(tmpdir(), "command-lines-"));

function run(program: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}, input = "") {
  return runTool(program, words, { cwd: folder, env: { ...process.env, ...environment }, input, timeoutMs: 60_000 });
}

function understood(title: string, output: string, sign: RegExp): Finding {
  return sign.test(output) ? undefined : `${title}: ${output.trim().slice(-KEPT_CHARACTERS)}`;
}

/**
 * kubectl checks commands, flags and arguments before it looks for the server. @param contexts - clusters that exist
 */
export function judgeKubectl({ words }: ShellCall, contexts: readonly string[]): Finding {
  const config = join(folder, "kubeconfig");
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "nowhere", cluster: { server: NOWHERE } }],
      contexts: contexts.map((name) => ({ name, context: { cluster: "nowhere", user: "" } })),
      "current-context": contexts[0],
    }),
  );
  const { output } = run("kubectl", words, { KUBECONFIG: config });
  return understood(`kubectl ${words.join(" ")}`, output, /connection refused|connection to the server|ECONNREFUSED/i);
}

/** Commands that the first version of the AWS CLI does not have; the second one does. */
const AWS_OF_VERSION_2: readonly string[] = ["sso login"];

/** The AWS CLI checks parameters against botocore's models before it calls. */
export function judgeAws({ words }: ShellCall): Finding {
  if (AWS_OF_VERSION_2.includes(words.slice(0, 2).join(" "))) return undefined;
  const credentials = { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none", AWS_DEFAULT_REGION: "eu-west-1" };
  const environment = {
    ...credentials,
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_MAX_ATTEMPTS: "1",
    AWS_CONFIG_FILE: join(folder, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
  };
  // A pipe's end has no path in a process that is started here; a file takes its place.
  const piped = join(folder, "piped");
  writeFileSync(piped, "{}");
  const { output } = run(
    "aws",
    words.map((word) => word.replace("file:///dev/stdin", `file://${piped}`)),
    environment,
  );
  return understood(`aws ${words.join(" ")}`, output, /Could not connect to the endpoint/);
}

/** Terraform in an empty folder: it reads its words, and then finds nothing to do. @param stacks - those that exist */
export function judgeTerraform({ words }: ShellCall, stacks: readonly string[]): Finding {
  const [chdir = ""] = words.filter((word) => word.startsWith("-chdir="));
  const stack = chdir.split("/").at(-1)!;
  if (chdir && !stacks.includes(stack)) return `terraform: there is no stack ${stack}`;
  const { output } = run(
    "terraform",
    words.filter((word) => word !== chdir),
  );
  const refused = /Failed to parse command-line|Usage: terraform|Too many command line|flag provided but not defined/;
  return refused.test(output) ? `terraform ${words.join(" ")}: ${output.trim().split("\n")[0]}` : undefined;
}

/** curl exits with 2 for words that it does not know, and with 7 where nobody answers. */
export function judgeCurl({ words }: ShellCall): Finding {
  const { status, output } = run("curl", ["--connect-to", "::127.0.0.1:1", "--noproxy", "*", ...words], {}, "");
  return status === 7 ? undefined : `curl ${words.join(" ")}: exit code ${status}, ${output.trim()}`;
}

export function judgeJq({ words }: ShellCall): Finding {
  const { status, output } = run("jq", words, {}, '{"a": 1}');
  return status === 0 ? undefined : `jq ${words.join(" ")}: ${output.trim()}`;
}

/** Node reads a script that it is given as text; nothing of it is run. */
export function judgeNodeScript(script: string): Finding {
  const { status, output } = run("node", ["--check", "-"], {}, script);
  return status === 0 ? undefined : `node -e: ${output.trim().split("\n").slice(0, 5).join(" ")}`;
}

const flagsByCommand = new Map<string, readonly string[]>();

/** cdktf and cdk8s would do what they are told, so their flags are read out of their own help. */
export function judgeCdk(program: "cdktf" | "cdk8s", { words }: ShellCall, stacks: readonly string[]): Finding {
  const [command = "", ...rest] = words;
  const key = `${program} ${command}`;
  if (!flagsByCommand.has(key)) {
    const bundle = require.resolve(program === "cdktf" ? "cdktf-cli/package.json" : "cdk8s-cli/package.json");
    const entry = join(bundle, program === "cdktf" ? "../bundle/bin/cdktf" : "../bin/cdk8s");
    const { output } = run(process.execPath, [entry, command, "--help"], { CI: "1" });
    if (!output.includes(`${program} ${command}`)) return `${key}: ${output.trim().split("\n")[0]}`;
    flagsByCommand.set(
      key,
      [...output.matchAll(/(?:^|\s)(--?[a-z][\w-]*)/gm)].map(([, flag]) => flag!),
    );
  }
  for (const word of rest) {
    const [name = ""] = word.split("=");
    if (word.startsWith("-") && !flagsByCommand.get(key)!.includes(name)) return `${key}: unknown flag ${name}`;
    if (word.startsWith("-") || program !== "cdktf") continue;
    const pattern = new RegExp(`^${word.replaceAll("*", ".*")}$`);
    if (!stacks.some((stack) => pattern.test(stack))) return `${key}: there is no stack ${word}`;
  }
  return undefined;
}
