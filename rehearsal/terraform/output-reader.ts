import type { ProgressEvent } from "./deployment";

const STARTED = /^(\S.*): (?:Creating|Modifying|Destroying)\.\.\./;
const DONE = /^(\S.*): (?:Creation|Modifications|Destruction) complete/;
const STACK_DONE = /^(?:Apply|Destroy) complete!/;
const ERROR = /^Error: (.*)$/;
/** Lines of an error's explanation that are kept with it. */
const EXPLANATION_LINES_MAX = 12;

/**
 * Reads what cdktf prints: Terraform's output, with the stack in front of the first line of each piece. cdktf 0.21 now and
 * then loses a piece when stacks run side by side, so nothing is counted here.
 */
export class OutputReader {
  readonly errors: string[] = [];
  readonly failed = new Set<string>();
  /** Stacks that Terraform was seen to work on. */
  readonly started = new Set<string>();
  private current: string | undefined;
  private explaining = 0;

  constructor(
    private readonly names: readonly string[],
    private readonly onProgress: ((event: ProgressEvent) => void) | undefined,
  ) {}

  read(line: string): void {
    const [, prefix = "", rest = ""] = /^(\S+) {2}(.*)$/.exec(line) ?? [];
    const isNewPiece = this.names.includes(prefix);
    if (isNewPiece) this.current = prefix;
    const text = isNewPiece ? rest.trim() : line.trim();
    if (text === "" || this.current === undefined) return;
    const event = this.understand(this.current, text);
    this.onProgress?.(event);
  }

  private understand(stack: string, text: string): ProgressEvent {
    if (!/^(Initializing|Successfully configured|Terraform has been)/.test(text)) this.started.add(stack);
    const error = ERROR.exec(text);
    if (error) {
      this.failed.add(stack);
      this.errors.push(`${stack}: ${error[1]}`);
      this.explaining = EXPLANATION_LINES_MAX;
      return { stack, kind: "error", text };
    }
    const started = STARTED.exec(text);
    const done = DONE.exec(text);
    if (started || done || STACK_DONE.test(text)) this.explaining = 0;
    if (started) return { stack, kind: "resource-started", address: started[1], text };
    if (done) return { stack, kind: "resource-done", address: done[1], text };
    if (STACK_DONE.test(text)) return { stack, kind: "stack-done", text };
    if (this.explaining > 0) {
      this.explaining -= 1;
      this.errors[this.errors.length - 1] += `\n${text}`;
    }
    return { stack, kind: "text", text };
  }
}
