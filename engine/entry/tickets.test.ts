import { EventType, type EventView, type RecordBuffer, RejectReason, Submission } from "..";
import { CommandWord } from "../protocol/command";
import type { EngineCore } from "./engine-core";
import { Tickets } from "./tickets";

/** A core that takes as many commands as it is told to. */
class FakeCore implements Pick<EngineCore, "submitMany" | "awaited"> {
  room = Number.POSITIVE_INFINITY;
  readonly correlations: number[] = [];
  callers = 0;

  awaited(callers: number): void {
    this.callers = callers;
  }

  submitMany(records: RecordBuffer, count: number) {
    const taken = Math.min(count, this.room);
    for (let index = 0; index < taken; index++) {
      this.correlations.push(records.words[records.offsetOf(index) + CommandWord.CorrelationLow] as number);
    }
    return { taken, submission: taken === count ? Submission.Taken : Submission.QueueFull };
  }
}

describe("Tickets", () => {
  let core: FakeCore;
  let tickets: Tickets;
  let answers: string[];

  beforeEach(() => {
    core = new FakeCore();
    tickets = new Tickets(core, { value: 0 }, () => {});
    answers = [];
  });
  afterEach(() => tickets.close());

  /** Sends a command under each name and lets the core have them. */
  const send = async (...names: string[]) => {
    for (const name of names) {
      tickets.send(
        (encoder, index, origin) => encoder.cancelAll(index, { ...origin, account: 1 }),
        (problem, { reason }) => answers.push(`${name}: ${problem?.code ?? RejectReason[reason]}`),
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** The core has decided about its n-th command. */
  const decide = (command: number, reason = RejectReason.None) =>
    tickets.observe(
      {
        type: reason === RejectReason.None ? EventType.Accepted : EventType.Rejected,
        reason,
        correlationLow: core.correlations[command - 1],
        commandSequence: command,
        orderId: command,
      } as EventView,
      0,
    );

  it("answers in the order of the commands, each when it is decided and durable", async () => {
    await send("a", "b", "c");
    tickets.settle(3);
    expect(answers).toEqual([]);
    decide(1);
    decide(2, RejectReason.PriceCollar);
    tickets.settle(1);
    expect(answers).toEqual(["a: None"]);
    decide(3);
    tickets.settle(3);
    expect(answers).toEqual(["a: None", "b: PriceCollar", "c: None"]);
    expect(tickets.waiting).toBe(0);
  });

  it("answers at once what the core has no room for", async () => {
    core.room = 1;
    await send("a", "b");
    expect(answers).toEqual(["b: QUEUE_FULL"]);
    expect(tickets.waiting).toBe(1);
  });

  it("does not take more commands than it can tell apart, and goes on when there is room again", async () => {
    await send(...Array.from({ length: 65_536 }, () => "many"));
    await send("one too many");
    expect(answers).toEqual(["one too many: QUEUE_FULL"]);
    decide(1);
    tickets.settle(1);
    await send("next");
    expect(answers).toEqual(["one too many: QUEUE_FULL", "many: None"]);
    decide(65_537);
    tickets.settle(65_537);
    expect(answers.at(-1)).toBe("next: None");
  });

  it("ignores events of commands that nobody waits for", async () => {
    await send("a");
    tickets.observe({ type: EventType.Accepted, correlationLow: 2 ** 16 + 1, commandSequence: 9 } as EventView, 0);
    tickets.settle(9);
    expect(answers).toEqual([]);
  });

  it("tells the core how many wait, so that the disk does not wait for more while somebody does", async () => {
    core.room = 2;
    await send("a", "b");
    expect(core.callers).toBe(2);
    decide(1);
    tickets.settle(1);
    expect(core.callers).toBe(1);
    decide(2);
    tickets.settle(2);
    expect(core.callers).toBe(0);
  });

  it("tells everybody who waits when it closes", async () => {
    await send("undecided", "not durable");
    decide(1);
    tickets.close();
    expect(answers.sort()).toEqual(["not durable: DURABILITY_TIMEOUT", "undecided: DURABILITY_TIMEOUT"]);
  });
});
