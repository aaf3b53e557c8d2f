import type { JournalWriter } from "../journal/journal-writer";
import { COMMAND_WORDS } from "../protocol/command";
import { Counter, RoleCode, SharedControl } from "../shared-memory/shared-control";
import { CommitLoop } from "./commit-loop";

const RING_COMMANDS = 256;
/** Much longer than any test takes: whoever waits for it is seen to wait. */
const INTERVAL_MS = 60_000;

/** Counts sleeps until the next commit, and does not sleep. */
class WatchedControl extends SharedControl {
  sleeps = 0;

  override wait(counter: Counter): void {
    if (counter === Counter.Stop) this.sleeps += 1;
  }
}

/** How often a loop waited before commits, while this many commands came with each of them. */
function sleepsBetweenCommits(commandsPerCommit: readonly number[], prepare: (control: SharedControl) => void): number {
  const control = new WatchedControl();
  const coming = [...commandsPerCommit];
  let written = 0;
  const come = () => {
    written += coming.shift() ?? 0;
    control.store(Counter.JournalWritten, written);
  };
  const writer = { full: false, waiting: 0, durable: 0, durableEpoch: 1, add: () => {}, commit: come };
  prepare(control);
  control.store(Counter.Stop, 1);
  control.store(Counter.MatchingEnded, 1);
  come();
  new CommitLoop(
    control,
    new SharedArrayBuffer(RING_COMMANDS * COMMAND_WORDS * 4),
    writer as unknown as JournalWriter,
    { intervalMs: INTERVAL_MS, onNotice: () => {} },
  ).run();
  expect(control.load(Counter.JournalRead)).toBe(written);
  return control.sleeps;
}

const nobody = () => {};
const somebody = (control: SharedControl) => control.store(Counter.Awaited, 1);

describe("commits of the journal", () => {
  it("begin at once for a command that comes after a pause", () => {
    expect(sleepsBetweenCommits([1], nobody)).toBe(0);
  });

  it("gather what streams in while nobody waits for an answer", () => {
    expect(sleepsBetweenCommits([1, 1, 1], nobody)).toBe(2);
  });

  it("begin at once while somebody waits for an answer", () => {
    expect(sleepsBetweenCommits([1, 1, 1], somebody)).toBe(0);
  });

  it("begin at once on a standby, for which the leader waits", () => {
    expect(sleepsBetweenCommits([1, 1, 1], (control) => control.store(Counter.Role, RoleCode.Standby))).toBe(0);
  });

  it("gather in a crowd, whoever waits", () => {
    expect(sleepsBetweenCommits([31, 32, 1, 1], somebody)).toBe(1);
  });
});
