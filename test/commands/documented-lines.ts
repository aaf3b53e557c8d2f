import { readFileSync } from "node:fs";

/** A command line as a document has it. */
export interface DocumentedLine {
  /** `docs/deploy.md:11`. */
  readonly at: string;
  readonly line: string;
}

/** Programs whose name at the start of a code span makes it a command. */
const PROGRAMS = [
  "npm",
  "npx",
  "kubectl",
  "aws",
  "terraform",
  "curl",
  "sh",
  "bash",
  "git",
  "jq",
  "docker",
  "cdktf",
  "cdk8s",
];
const COMMAND = new RegExp(`^(?:\\w+=\\S+ )*(?:${PROGRAMS.join("|")}) \\S`);

/** What stands for a value that the reader fills in, and a value that the programs can judge. */
const SAMPLES: Readonly<Record<string, string>> = {
  "<account>": "333333333333",
  "<bundle>": ".drill/bundles/20260302-081530-region-loss",
  "<commit>": "HEAD",
  "<cluster>": "hft-production-eu-west-1-cluster",
  "<engine>": "engine-0",
  "<environment>": "production",
  "<file>": "set-aside-unacknowledged-0000000000000574-0000000000000574-epoch-6.log",
  "<id>": "20260302-081530-region-loss",
  "<image@sha256:…>": `registry.example/engine@sha256:${"0".repeat(64)}`,
  "<more>": "12",
  "<name>": "hft-production-eu-west-1-cluster",
  "<node>": "ip-10-10-1-1.eu-west-1.compute.internal",
  "<region>": "eu-west-1",
  "<scenario>": "region-loss",
  "<secret>": "engine-token-key",
  "<time>": "20260302t081530",
  "…": "value",
};

/** @throws Error when a placeholder has no sample */
export function commandLines(file: string, text = readFileSync(file, "utf8")): DocumentedLine[] {
  const found: DocumentedLine[] = [];
  const prose: string[] = [];
  let fence: string | undefined;
  // A line that ends in a backslash goes on; the empty lines keep the count.
  const lines = text.replace(/(?:[^\n]*\\\n)+[^\n]*/g, (joined) => {
    return joined.replace(/\s*\\\n\s*/g, " ") + "\n".repeat(joined.split("\n").length - 1);
  });
  for (const [index, line] of lines.split("\n").entries()) {
    const [, opened] = /^\s*```(\w*)/.exec(line) ?? [];
    if (opened !== undefined) fence = fence === undefined ? opened : undefined;
    else if (fence !== undefined) {
      const command = commandInFence(fence, line.trim());
      if (command) found.push({ at: `${file}:${index + 1}`, line: withSamples(command, `${file}:${index + 1}`) });
    }
    prose.push(fence === undefined && opened === undefined ? line : "");
  }
  return [...found, ...spans(file, prose.join("\n"))];
}

function commandInFence(fence: string, line: string): string | undefined {
  if (fence === "sh" || fence === "bash") return line === "" || line.startsWith("#") ? undefined : line;
  if (fence !== "console") return undefined;
  return /^(?:\$|changes|reads) +(.+)$/.exec(line)?.[1];
}

function spans(file: string, prose: string): DocumentedLine[] {
  return [...prose.matchAll(/`([^`]+)`/g)]
    .map((match) => ({ index: match.index, span: match[1]!.replace(/\s*\n\s*/g, " ") }))
    .filter(({ span }) => COMMAND.test(span))
    .map(({ index, span }) => {
      const at = `${file}:${prose.slice(0, index).split("\n").length}`;
      return { at, line: withSamples(span, at) };
    });
}

/** Commands that stand in prose without being set as code: nobody checks them, and nobody can copy them. */
export function loosePhrases(file: string, text = readFileSync(file, "utf8")): string[] {
  const outside = text.replace(/```[\s\S]*?```|<!--[\s\S]*?-->/g, "").replace(/`[^`]*`/g, "");
  return [...outside.matchAll(/\b(?:npm run [\w:]+ --|kubectl [a-z]+ |aws [a-z0-9]+ [a-z]+-[a-z-]+).{0,40}/g)].map(
    ([phrase]) => `${file}: ${phrase}`,
  );
}

function withSamples(line: string, at: string): string {
  const filled = Object.entries(SAMPLES).reduce((text, [name, sample]) => text.replaceAll(name, sample), line);
  const [unknown] = /<[a-z][^<>\s]*>/.exec(filled) ?? [];
  if (unknown) throw new Error(`${at}: ${unknown} has no sample in test/commands/documented-lines.ts`);
  return filled;
}
