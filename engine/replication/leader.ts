import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { JournalReader } from "../journal/journal-reader";
import { capacityFingerprint } from "../matching/capacity";
import { CommandDouble } from "../protocol/command";
import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import { Sequence } from "../shared-memory/shared-sequences";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { SnapshotStore } from "../snapshot/snapshot-store";
import type { AcknowledgedUpTo } from "./acknowledged-up-to";
import { coded } from "./codes";
import { catchUp } from "./divergence";
import type { Fence } from "./fence";
import type { Introducer } from "./introducer";
import { peerStateCode } from "./peer-state";
import { versionConflict } from "./versions";
import {
  type Frame,
  FrameKind,
  FrameReader,
  type Introduction,
  readIntroduction,
  send,
  sendIntroduction,
  sendPosition,
} from "./wire";

const LOOK_MS = 50;
/**
 * A standby that lacks only what is younger than this is near enough: from then on acknowledgements wait for it. To
 * wait until it lacks nothing at all would be in vain over a line with latency, where something is always under way.
 */
const NEAR_MS = 250;

/** Shipped and not yet acknowledged. */
interface Shipment {
  readonly lastSequence: number;
  /** When the first of its commands was taken. */
  readonly atMs: number;
}

/** What all connections of an engine share. */
export interface LeaderParts {
  readonly fence: Fence;
  readonly introducer: Introducer;
  readonly acknowledged: AcknowledgedUpTo;
}

/**
 * The active engine's end of a connection with its standby: ships what is durable here, learns what is durable there.
 * Only durable blocks are shipped, so a standby never has what its leader could still lose.
 */
export class Leader {
  private readonly reader: FrameReader;
  private shipments: Shipment[] = [];
  private lastHeardMs = Date.now();
  /**
   * Newest command that may have been acknowledged without this standby; undefined while acknowledgements do not wait.
   */
  private attachesAt: number | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly control: SharedControl,
    private readonly settings: ThreadSettings,
    private readonly parts: LeaderParts,
    private readonly onNotice: (notice: string) => void,
    private readonly onFollowed: (leader: Leader) => void,
    private readonly onAttached: (sequence: number) => void,
  ) {
    this.reader = new FrameReader((frame) => this.received(frame));
    socket.on("data", (chunk) => this.guard(() => this.reader.push(chunk)));
    socket.on("error", () => socket.destroy());
    const beat = setInterval(() => this.beat(), settings.replication!.timeoutMs / 4);
    socket.on("close", () => clearInterval(beat));
  }

  /** When the oldest command was taken that was shipped and is not acknowledged; undefined when there is none. */
  get oldestShippedMs(): number | undefined {
    return this.shipments[0]?.atMs;
  }

  get open(): boolean {
    return !this.socket.destroyed;
  }

  /** Tells the standby that it has everything, because this engine ends. Resolves when it has heard and hung up. */
  sayEnded(sequence: number): Promise<void> {
    const { socket } = this;
    return new Promise((resolve) => {
      socket.once("close", () => resolve());
      setTimeout(() => socket.destroy(), this.settings.replication!.timeoutMs);
      send(socket, FrameKind.Ended, sequence);
    });
  }

  /** Ends the connection because another one has taken its place, or the engine closes. */
  end(): void {
    this.socket.destroy();
  }

  private beat(): void {
    const { timeoutMs } = this.settings.replication!;
    if (Date.now() - this.lastHeardMs > timeoutMs) this.socket.destroy();
    else send(this.socket, FrameKind.Heartbeat, this.control.localDurable);
  }

  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.onNotice(`replication: the peer's connection is closed: ${(error as Error).message}`);
      this.socket.destroy();
    }
  }

  private inGuard(work: Promise<void>): void {
    work.catch((error: Error) =>
      this.guard(() => {
        throw error;
      }),
    );
  }

  private received(frame: Frame): void {
    this.lastHeardMs = Date.now();
    if (frame.kind === FrameKind.Hello) this.inGuard(this.hello(frame.value, readIntroduction(frame)));
    else if (frame.kind === FrameKind.Acknowledged) this.acknowledged(frame.value);
    else if (frame.kind === FrameKind.Fence) this.heardOf(frame.value);
    else if (frame.kind === FrameKind.AskPosition) sendPosition(this.socket, this.parts.introducer.position());
  }

  private async hello(sequence: number, standby: Introduction): Promise<void> {
    const { control, settings, parts } = this;
    const known = Math.max(standby.epoch, standby.knownEpoch ?? 0);
    if (known > control.gauges[Gauge.Epoch]!) parts.fence.hear(known);
    const own = capacityFingerprint(settings.capacity);
    const conflict = versionConflict(standby);
    if (control.role !== RoleCode.Active) return this.refuse("this engine is not active");
    if (conflict) return this.refuse(conflict);
    if (standby.capacity !== own) return this.refuse(`the capacity is ${own} here and ${standby.capacity} there`);
    await this.untilEpochIsDurable();
    if (this.open && control.role === RoleCode.Active) this.help(sequence, standby);
  }

  /** What begins at this moment could still be lost here: nobody is measured by it. */
  private async untilEpochIsDurable(): Promise<void> {
    const { control } = this;
    for (;;) {
      const bell = control.load(Counter.DurableBell);
      // The gauge was written before the sequence that is read first here.
      const { localDurable } = control;
      if (localDurable > 0 && control.gauges[Gauge.DurableEpoch] === control.gauges[Gauge.Epoch]) return;
      if (!this.open || control.role !== RoleCode.Active) return;
      await control.waitAsync(Counter.DurableBell, bell, LOOK_MS);
    }
  }

  /** Brings a standby with this end up to date. */
  private help(sequence: number, { epoch, mark, sequence: durable = 0 }: Introduction): void {
    const { control, settings } = this;
    const journal = new FileStorage(settings.journalDirectory);
    const position = { sequence: control.localDurable, epoch: control.gauges[Gauge.Epoch]! };
    const step = catchUp(journal, settings.capacity, position, { sequence, epoch, mark });
    if (step.kind === "ahead") this.refuse(aheadText(sequence, position.sequence));
    else if (step.kind === "unlike") this.refuse(unlikeText(sequence, position.epoch));
    else if (step.kind === "cut")
      sendIntroduction(this.socket, FrameKind.Cut, step.keep, this.parts.introducer.introduction());
    else if (step.kind === "snapshot") this.sendSnapshot();
    // What it has received need not be durable there yet.
    else this.follow(step.from, durable);
  }

  private follow(from: number, durable: number): void {
    sendIntroduction(this.socket, FrameKind.Follow, from, this.parts.introducer.introduction());
    this.onFollowed(this);
    this.acknowledged(durable);
    this.inGuard(this.ship(from));
  }

  private refuse(reason: string): void {
    sendIntroduction(this.socket, FrameKind.Refused, 0, this.parts.introducer.introduction(reason));
  }

  private sendSnapshot(): void {
    const { snapshotDirectory } = this.settings;
    const newest = new SnapshotStore(new FileStorage(snapshotDirectory)).list().at(-1);
    if (!newest) this.refuse("the journal does not go back far enough and there is no snapshot yet");
    else {
      sendIntroduction(this.socket, FrameKind.Leads, newest.sequence, this.parts.introducer.introduction());
      send(this.socket, FrameKind.Snapshot, newest.sequence, readFileSync(join(snapshotDirectory, newest.name)));
    }
  }

  private async ship(from: number): Promise<void> {
    const { control, settings, socket } = this;
    const reader = new JournalReader(new FileStorage(settings.journalDirectory), settings.capacity, from);
    try {
      while (!socket.destroyed && control.role === RoleCode.Active) {
        const bell = control.load(Counter.DurableBell);
        while (reader.next(control.localDurable)) {
          this.shipments.push({ lastSequence: reader.firstSequence + reader.count - 1, atMs: takenAtMs(reader) });
          const fine = send(socket, FrameKind.Block, reader.firstSequence, reader.blockBytes);
          reader.done();
          if (!fine) await Promise.race([once(socket, "drain"), once(socket, "close")]);
          if (socket.destroyed) return;
        }
        await control.waitAsync(Counter.DurableBell, bell, LOOK_MS);
      }
    } finally {
      reader.close();
    }
  }

  private acknowledged(sequence: number): void {
    const { control } = this;
    if (control.role !== RoleCode.Active) return;
    this.shipments = this.shipments.filter((shipment) => shipment.lastSequence > sequence);
    control.sequences.publish(Sequence.PeerDurable, sequence);
    if (control.load(Counter.PeerState) !== peerStateCode("attached")) this.attach(sequence);
    else this.parts.acknowledged.note();
    control.ring(Counter.GatewayBell);
  }

  /**
   * First nothing more is acknowledged without the standby; it is attached when it has all that may have been
   * acknowledged until then. The other way round, what becomes durable between the two would be acknowledged alone.
   */
  private attach(sequence: number): void {
    const { control } = this;
    if (this.attachesAt === undefined) {
      const oldestMs = this.oldestShippedMs ?? Number.NEGATIVE_INFINITY;
      const near = sequence >= control.localDurable || Date.now() - oldestMs <= NEAR_MS;
      if (!near) return;
      control.store(Counter.PeerRequired, 1);
      // After the store: see SharedControl.acknowledgeable.
      this.attachesAt = control.localDurable;
      this.parts.acknowledged.noteLocal();
    }
    if (sequence < this.attachesAt) return;
    control.store(Counter.PeerState, peerStateCode("attached"));
    this.onAttached(sequence);
    this.onNotice(`replication: a standby is attached at command ${sequence}`);
  }

  /** Heard means noted: whoever is not told so tells it again. */
  private heardOf(epoch: number): void {
    const noted = this.parts.fence.hear(epoch);
    if (noted) sendIntroduction(this.socket, FrameKind.FenceObeyed, epoch, this.parts.introducer.introduction());
  }
}

const aheadText = (standby: number, own: number): string =>
  `the standby has command ${standby}, the active engine only ${own}, so this one has lost commands, for example because of a ` +
  "restored disk has. Stop the active engine, start the standby and promote it (decision peer-lost)";

const unlikeText = (sequence: number, epoch: number): string =>
  coded(
    "HISTORY_MISMATCH",
    `command ${sequence} of epoch ${epoch} differs between the two engines: one of them was restored ` +
      "from an older copy and continued, or both were active in this epoch. Find out which history is valid, move journal and " +
      "snapshots of the other engine away, and start that one with empty directories as a standby",
  );

/** When the first command of a block was taken, by the clock of the gateway that took it. */
function takenAtMs({ records, firstWord }: JournalReader): number {
  const doubles = records.doubles;
  return doubles[(firstWord >> 1) + CommandDouble.TimeMicroseconds]! / 1_000;
}
