import type { ChildProcess } from "node:child_process";

/** What a child may take to end after it was asked to: Terraform ends the call that it is in first. */
const GRACE_MS = 5_000;
/** Numbers of the signals: a program that one has ended exits with 128 more. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

type Ending = "asked" | "killed";

const children = new Map<ChildProcess, Ending>();
let watching = false;

/**
 * Starts a child process that does not outlive this program, when somebody interrupts or ends it: a Terraform that
 * works on would change what the next drill begins with, and a frozen engine would never end at all.
 * @param ending `asked`: it is interrupted, and killed when it does not end; `killed`: at once
 * @param start spawns it. It is called here, so that a signal in between does not find the child unknown
 */
export function endsWithThis<Child extends ChildProcess>(ending: Ending, start: () => Child): Child {
  watch();
  const child = start();
  children.set(child, ending);
  const forget = () => void children.delete(child);
  child.once("exit", forget).once("error", forget);
  return child;
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.once("exit", () => endAll(true));
  for (const [signal, number] of Object.entries(SIGNALS)) process.once(signal, () => end(128 + number));
}

function end(exitCode: number): void {
  endAll(false);
  const late = setTimeout(() => process.exit(exitCode), GRACE_MS);
  const look = setInterval(() => {
    if (children.size > 0) return;
    clearTimeout(late);
    clearInterval(look);
    process.exit(exitCode);
  }, 20);
}

function endAll(now: boolean): void {
  for (const [child, ending] of children) child.kill(now || ending === "killed" ? "SIGKILL" : "SIGINT");
}
