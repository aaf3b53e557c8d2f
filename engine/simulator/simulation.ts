import { crc32 } from "node:zlib";
import { JournalReader } from "../journal/journal-reader";
import type { Core } from "../matching/core";
import { FLOW_CAPACITY, RandomFlow } from "../oracle/random-flow";
import { SeededRandom } from "../oracle/seeded-random";
import { COMMAND_WORDS, CommandType } from "../protocol/command";
import { typeIn } from "../protocol/packed-words";
import { SimulatedEngine } from "./simulated-engine";

/** How often each thing happened, to see that a run was worth something. */
export interface SimulationReport {
  readonly commands: number;
  readonly acknowledged: number;
  readonly crashes: number;
  readonly failovers: number;
  readonly fullDisks: number;
  readonly damagedSnapshots: number;
}

/** Steps and their weights. */
const STEPS = [
  ["command", 700],
  ["commit", 90],
  ["ship", 90],
  ["snapshot", 10],
  ["full disk", 6],
  ["room again", 30],
  ["crash of the active one", 4],
  ["crash of the standby", 4],
  ["failover", 4],
  ["flipped bit", 2],
] as const;
const WEIGHTS = STEPS.reduce((sum, [, weight]) => sum + weight, 0);

/**
 * Two engines, clients, crashes, full disks, flipped bits and failovers, all drawn from one seed. What was
 * acknowledged as durable must be in the history of whoever is active, with the same events.
 */
export class Simulation {
  private readonly random: SeededRandom;
  private readonly flow: RandomFlow;
  private active: SimulatedEngine;
  private standby: SimulatedEngine;
  /** Checksum of each command's events by its sequence, as its clients have seen them. */
  private readonly seen = new Map<number, number>();
  private acknowledged = 0;
  private peerDurable = 0;
  private commands = 0;
  private crashes = 0;
  private failovers = 0;
  private fullDisks = 0;

  constructor(readonly seed: number) {
    this.random = new SeededRandom(seed);
    this.flow = new RandomFlow(seed + 1);
    this.active = new SimulatedEngine("first", this.random);
    this.standby = new SimulatedEngine("second", this.random);
    this.active.start();
    this.standby.start();
    this.note(this.active.beginEpoch(1, 1));
  }

  run(steps: number): SimulationReport {
    for (let step = 0; step < steps; step += 1) this.step();
    this.settle();
    this.checkHistory();
    const damagedSnapshots = this.active.damagedSnapshots + this.standby.damagedSnapshots;
    const { commands, acknowledged, crashes, failovers, fullDisks } = this;
    return { commands, acknowledged, crashes, failovers, fullDisks, damagedSnapshots };
  }

  private step(): void {
    let drawn = this.random.below(WEIGHTS);
    const [name] = STEPS.find(([, weight]) => {
      drawn -= weight;
      return drawn < 0;
    })!;
    const { active, standby, random } = this;
    if (name === "command") this.command();
    else if (name === "commit") this.commit();
    else if (name === "ship") this.ship();
    else if (name === "snapshot") random.pick([active, standby]).snapshot(random.between(1, 3));
    else if (name === "full disk") this.fillDisk();
    else if (name === "room again") for (const engine of [active, standby]) engine.journal.empty();
    else if (name === "crash of the active one") this.crash(active);
    else if (name === "crash of the standby") this.crash(standby);
    else if (name === "failover") this.failOver();
    else this.flipBit();
  }

  private command(): void {
    this.flow.next();
    // Epochs are begun by engines, not by clients.
    if (typeIn(this.flow.records.words[0]!) === CommandType.Epoch) return;
    if (this.active.writer.full && !this.active.commit()) return;
    this.commands += 1;
    this.note(this.active.apply(this.flow.records, 0));
  }

  /** What the clients of the newest command have seen. */
  private note(events: Uint8Array): void {
    this.seen.set(this.active.core.state.sequence, crc32(events));
  }

  private commit(): void {
    this.active.commit();
    this.acknowledge();
  }

  private ship(): void {
    while (!this.standby.follow(this.active));
    if (!this.standby.commit()) return;
    this.peerDurable = this.standby.writer.durable;
    this.acknowledge();
    this.compare();
  }

  private acknowledge(): void {
    this.acknowledged = Math.max(this.acknowledged, Math.min(this.active.writer.durable, this.peerDurable));
  }

  private fillDisk(): void {
    this.fullDisks += 1;
    this.random.pick([this.active, this.standby]).journal.fillAfter(this.random.below(3));
  }

  private crash(engine: SimulatedEngine): void {
    this.crashes += 1;
    engine.crash();
    engine.start();
    const { sequence } = engine.core.state;
    if (sequence < this.acknowledged) {
      throw new Error(
        `${engine.name} lost commands ${sequence + 1} to ${this.acknowledged} although they were acknowledged`,
      );
    }
  }

  /** The active one is cut off, perhaps with commands that nobody will ever acknowledge; later it follows. */
  private failOver(): void {
    this.failovers += 1;
    const former = this.active;
    if (this.random.chance(0.5)) former.commit();
    this.active = this.standby;
    this.standby = former;
    while (!this.active.commit()) this.active.journal.empty();
    const epoch = Math.max(this.active.core.state.epoch, former.core.state.epoch);
    for (const sequence of this.seen.keys()) if (sequence > this.active.core.state.sequence) this.seen.delete(sequence);
    this.note(this.active.beginEpoch(epoch + 1, 1));
    while (!this.active.commit()) this.active.journal.empty();
    this.peerDurable = 0;
    if (this.random.chance(0.5)) this.crash(former);
    former.journal.empty();
    this.ship();
  }

  /** In a snapshot that is not the only way back: the journal behind the one before it is still there. */
  private flipBit(): void {
    const engine = this.random.pick([this.active, this.standby]);
    const snapshots = engine.snapshots.list();
    if (snapshots.length > 1) engine.snapshotDisk.flip(snapshots.at(-1)!.name);
  }

  private compare(): void {
    const { active, standby } = this;
    if (active.core.state.sequence !== standby.core.state.sequence) return;
    for (const [index, section] of active.core.state.memory.sections.entries()) {
      const other = standby.core.state.memory.sections[index]!;
      if (Buffer.compare(section.bytes, other.bytes) !== 0) throw new Error(`the engines differ in ${section.name}`);
    }
  }

  private settle(): void {
    for (const engine of [this.active, this.standby]) engine.journal.empty();
    this.commit();
    this.ship();
  }

  /** Replays what the active one has on its disk and compares the events with those that clients have seen. */
  private checkHistory(): void {
    const replayed = new SimulatedEngine("replay", this.random);
    const facts = this.active.snapshots.load(newCoreState(replayed), () => {});
    const reader = new JournalReader(this.active.journal, FLOW_CAPACITY, (facts?.sequence ?? 0) + 1);
    while (reader.next()) {
      for (let index = 0; index < reader.count; index += 1) {
        const events = replayed.apply(reader.records, reader.firstWord + index * COMMAND_WORDS);
        const sequence = reader.firstSequence + index;
        if (this.seen.get(sequence) !== crc32(events))
          throw new Error(`command ${sequence} has other events in a replay`);
        if (replayed.writer.full) replayed.commit();
      }
      reader.done();
    }
    if (replayed.core.state.sequence < this.acknowledged)
      throw new Error("acknowledged commands are not in the journal");
  }
}

/** Starts an empty engine and gives the state of its core. */
function newCoreState(engine: SimulatedEngine): Core["state"] {
  engine.start();
  return engine.core.state;
}
