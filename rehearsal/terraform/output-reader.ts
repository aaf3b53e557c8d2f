import type { ProgressEvent, StackOutcome } from "./deployment";

type Outcome = { -readonly [Field in keyof Omit<StackOutcome, "stack">]: StackOutcome[Field] };

const STARTED = /^(\S.*): (?:Creating|Modifying|Destroying)\.\.\./;
const DONE = /^(\S.*): (?:Creation|Modifications|Destruction) complete/;
const STACK_DONE = /(?:Apply|Destroy) complete! Resources: (?:(\d+) added, (\d+) changed, )?(\d+) destroyed/;
const NO_CHANGES = /^No changes\. /;
const ERROR = /^Error: (.*)$/;
/** The line with which cdktf counts stacks; it redraws it again and again. */
const COUNTS = /^\d+ Stacks? \w+ {4}/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal control sequences begin with the escape character
const CONTROL_SEQUENCES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** Reads what cdktf prints: Terraform's output, with the stack in front of the first line of each piece. */
export class OutputReader {
  private readonly byStack: Map<string, Outcome>;
  private readonly problems: string[] = [];
  private current: string | undefined;

  constructor(
    names: readonly string[],
    private readonly onProgress: ((event: ProgressEvent) => void) | undefined,
  ) {
    const nothing: Outcome = { status: "not reached", added: 0, changed: 0, destroyed: 0 };
    this.byStack = new Map(names.map((name) => [name, { ...nothing }]));
  }

  read(rawLine: string): void {
    const line = rawLine.replace(CONTROL_SEQUENCES, "");
    const [, prefix = "", rest = ""] = /^(\S+) {2}(.*)$/.exec(line) ?? [];
    if (this.byStack.has(prefix)) this.current = prefix;
    const text = this.byStack.has(prefix) ? rest.trim() : line.trim();
    if (text === "" || COUNTS.test(text)) return;
    if (this.current === undefined) return;
    const event = this.understand(this.current, text);
    this.onProgress?.(event);
  }

  outcomes(): StackOutcome[] {
    return [...this.byStack].map(([stack, outcome]) => ({ stack, ...outcome }));
  }

  errors(): string[] {
    return this.problems;
  }

  private understand(stack: string, text: string): ProgressEvent {
    const started = STARTED.exec(text);
    if (started) return { stack, kind: "resource-started", address: started[1], text };
    const done = DONE.exec(text);
    if (done) return { stack, kind: "resource-done", address: done[1], text };
    const outcome = this.byStack.get(stack)!;
    const counts = STACK_DONE.exec(text);
    if (counts || NO_CHANGES.test(text)) {
      const [added = 0, changed = 0, destroyed = 0] = counts?.slice(1).map((count) => Number(count ?? 0)) ?? [];
      Object.assign(outcome, { status: "done", added, changed, destroyed } satisfies Outcome);
      return { stack, kind: "stack-done", text };
    }
    const error = ERROR.exec(text);
    if (!error) return { stack, kind: "text", text };
    outcome.status = "failed";
    this.problems.push(`${stack}: ${error[1]}`);
    return { stack, kind: "error", text };
  }
}
