import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineOptions, openEngine } from "..";
import { FLOW_CAPACITY } from "../oracle/random-flow";
import { anEngineIn } from "../threads/engine-fixture";
import { WrittenHistory } from "./history";

/** Blocks of the history that every copy begins with: five segments, snapshots behind the second and in the fourth. */
const [FIRST, SECOND, THIRD] = [170, 100, 60];
export const BLOCKS = FIRST + SECOND + THIRD;
export const BLOCKS_OF_ANOTHER = SECOND;

/** Number in a file's name: the sequence that it begins with, or was taken at. */
export const sequenceIn = (name: string | undefined): number => Number(/\d+/.exec(name!)![0]);

/** A copy of an engine's directories, to be damaged and started. */
export class DamagedEngine {
  readonly directory = mkdtempSync(join(tmpdir(), "hft-damage-"));

  /** The directories before any damage; made once, because it takes longer than all the tests. */
  static template(): string {
    const history = new WrittenHistory();
    history.blocks(FIRST).snapshot().blocks(SECOND).snapshot().blocks(THIRD);
    return history.directory;
  }

  constructor(template: string) {
    cpSync(template, this.directory, { recursive: true });
  }

  journal(name = ""): string {
    return join(this.directory, "journal", name);
  }

  snapshot(name = ""): string {
    return join(this.directory, "snapshots", name);
  }

  segments(): string[] {
    return filesOf(this.journal(), "journal-");
  }

  snapshots(): string[] {
    return filesOf(this.snapshot(), "snapshot-");
  }

  change(path: string, at: number, length: number, damaged: (byte: number) => number): void {
    const bytes = readFileSync(path);
    for (let place = at; place < at + length; place += 1) bytes[place] = damaged(bytes[place]!);
    writeFileSync(path, bytes);
  }

  flip(path: string, at: number): void {
    this.change(path, at, 1, (byte) => byte ^ 4);
  }

  zero(path: string, at: number, length: number): void {
    this.change(path, at, length, () => 0);
  }

  options(changes: Partial<EngineOptions> = {}): EngineOptions {
    return anEngineIn(this.directory, { capacity: FLOW_CAPACITY, ...changes });
  }

  /** Starts, tells what was said and how many commands were recovered, and ends. */
  async recover(): Promise<{ recovered: number; notices: string[] }> {
    const notices: string[] = [];
    let recovered = 0;
    const engine = await openEngine(
      this.options({
        onNotice: ({ message }) => notices.push(message),
        onRecovered: async ({ sequence }) => {
          recovered = sequence;
        },
      }),
    );
    await engine.close();
    return { recovered, notices };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

const filesOf = (directory: string, prefix: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith(prefix))
    .sort();
