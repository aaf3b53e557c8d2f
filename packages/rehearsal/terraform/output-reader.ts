import type { ProgressEvent } from "./deployment";

const STARTED = /^(\S.*): (?:Creating|Modifying|Destroying)\.\.\./;
const DONE = /^(\S.*): (?:Creation|Modifications|Destruction) complete/;
const STACK_DONE = /^(?:Apply|Destroy) complete!/;

/**
 * Reads what cdktf prints: Terraform's output, with the stack in front of the first line of each piece. cdktf 0.21
 * loses a piece now and then when stacks run side by side, so this is good for watching; nothing is counted or decided
 * by it.
 */
export class OutputReader {
  private current: string | undefined;

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
    this.onProgress?.(understand(this.current, text));
  }
}

function understand(stack: string, text: string): ProgressEvent {
  const started = STARTED.exec(text);
  if (started) return { stack, kind: "resource-started", address: started[1], text };
  const done = DONE.exec(text);
  if (done) return { stack, kind: "resource-done", address: done[1], text };
  return { stack, kind: STACK_DONE.test(text) ? "stack-done" : "text", text };
}
