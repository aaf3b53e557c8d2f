import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { killLeftover } from "./leftover-process";

/** A start replays the journal; longer than this is a fault. */
const START_MS = 60_000;
const LOOK_MS = 20;
/** What it said last is enough to see why it ended. */
const KEPT_CHARACTERS = 4_000;

export interface ProcessStart {
  /** For messages: "the engine of eu-west-1". */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** @default the variables of this process */
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Whether its standard input is a pipe, which closes when this process is gone. @default false: it reads nothing */
  readonly holdsInput?: boolean;
  /** Takes what it says on both streams, behind what lies there. @default none */
  readonly logFile?: string;
  /** How much of what it said is kept, for messages. */
  readonly keptCharacters?: number;
  /**
   * Keeps its number, so that the next start ends what a killed starter has left running: two must not have one
   * journal. The mark is in its command line or in its variables.
   */
  readonly leftover?: { readonly pidFile: string; readonly mark: string };
  /** Called with what starts it, by whoever has to know of the process from its first moment on. */
  readonly register?: <Child extends ChildProcess>(start: () => Child) => Child;
}

/**
 * A process that is frozen, killed as by a power cut, or ended in good order, and of which nothing is left when the one
 * that started it ends: engines in drills and crash tests, and the servers beside them.
 */
export class KillableProcess {
  /** Resolves with its exit code when it has ended; undefined of one that a signal has ended or that never began. */
  readonly ended: Promise<number | undefined>;
  private said = "";
  private frozen = false;
  private failure: Error | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly start: ProcessStart,
  ) {
    const { logFile, keptCharacters = KEPT_CHARACTERS } = start;
    const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: "a" });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.said = (this.said + chunk).slice(-keptCharacters);
        log?.write(chunk);
      });
    }
    child.once("close", () => log?.end());
    this.ended = new Promise((resolve) => {
      child.once("exit", (code) => resolve(code ?? undefined));
      child.once("error", (error) => {
        this.failure = error;
        resolve(undefined);
      });
    });
  }

  static start(start: ProcessStart): KillableProcess {
    const { program, args, cwd, env, uid, gid, leftover, register = (launch) => launch() } = start;
    if (leftover) endLeftover(leftover);
    const stdio = [start.holdsInput ? "pipe" : "ignore", "pipe", "pipe"] as const;
    const child = register(() => spawn(program, [...args], { cwd, env, uid, gid, stdio: [...stdio] }));
    diesWithThis(child);
    if (leftover && child.pid !== undefined) writeFileSync(leftover.pidFile, String(child.pid));
    return new KillableProcess(child, start);
  }

  /** Undefined of a process that could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  get running(): boolean {
    const { pid, exitCode, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** Whether nothing reaches it: it is frozen, or gone. */
  get silent(): boolean {
    return this.frozen || !this.running;
  }

  /** The end of what it said on both streams. */
  get output(): string {
    return this.said;
  }

  /**
   * What the first line of its standard output says of which `read` knows anything. To be called at once: earlier lines
   * are not looked at.
   * @throws Error with its last words when it ends before, or does not say it in time
   */
  firstLine<Told>(read: (line: string) => Told | undefined, limitMs = START_MS): Promise<Told> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(this.notReady(limitMs)), limitMs);
      // Not "exit": its last words may come after it.
      this.child.once("close", () => {
        clearTimeout(late);
        reject(this.notReady(limitMs));
      });
      createInterface({ input: this.child.stdout! }).on("line", (line) => {
        const told = read(line);
        if (told === undefined) return;
        clearTimeout(late);
        resolve(told);
      });
    });
  }

  /** Asks until it is ready. @throws Error with its last words when it ends before, or is not ready in time */
  async ready(isReady: () => boolean | Promise<boolean>, limitMs = START_MS): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!(await isReady())) {
      if (!this.running || performance.now() > deadline) throw this.notReady(limitMs);
      await pause(LOOK_MS);
    }
  }

  /** Cuts it off without its knowledge: it will go on where it stopped, as a machine does whose network was gone. */
  freeze(): void {
    if (this.silent) return;
    this.frozen = true;
    this.child.kill("SIGSTOP");
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    this.child.kill("SIGCONT");
  }

  /**
   * Asks it to end, and waits for that.
   * @param patienceMs after which it is killed, as an orchestrator does it. @default never
   */
  async end(signal: NodeJS.Signals = "SIGTERM", patienceMs?: number): Promise<number | undefined> {
    if (this.running) this.child.kill(signal);
    const kill = () => this.child.kill("SIGKILL");
    const late = patienceMs === undefined ? undefined : setTimeout(kill, patienceMs);
    const code = await this.ended;
    clearTimeout(late);
    this.frozen = false;
    return code;
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private notReady(limitMs: number): Error {
    const { name, program } = this.start;
    const { exitCode, signalCode } = this.child;
    const how = this.failure
      ? `cannot be started: ${program}: ${this.failure.message}`
      : this.running
        ? `is not ready after ${limitMs} ms`
        : `ended with ${signalCode ?? exitCode}`;
    return new Error(`${name} ${how}${this.said ? `:\n${this.said.trim()}` : ""}`);
  }
}

function endLeftover({ pidFile, mark }: NonNullable<ProcessStart["leftover"]>): void {
  if (!existsSync(pidFile)) return;
  killLeftover(Number(readFileSync(pidFile, "utf8")), mark);
  rmSync(pidFile, { force: true });
}

const alive = new Set<ChildProcess>();

/** Whatever this process fails over, none of them stays. */
function diesWithThis(child: ChildProcess): void {
  if (alive.size === 0) process.once("exit", killAll);
  alive.add(child);
  const forget = () => {
    alive.delete(child);
    if (alive.size === 0) process.off("exit", killAll);
  };
  // One that could not be started has an error and no exit.
  child.once("exit", forget).once("error", forget);
}

function killAll(): void {
  for (const child of alive) child.kill("SIGKILL");
}
