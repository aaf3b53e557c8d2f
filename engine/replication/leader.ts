import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { JournalReader } from "../journal/journal-reader";
import { capacityFingerprint } from "../matching/capacity";
import { CommandDouble } from "../protocol/command";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { Counter, Gauge, RoleCode, type SharedControl } from "../threads/shared-control";
import type { ThreadSettings } from "../threads/thread-settings";
import { catchUp } from "./divergence";
import { peerStateCode } from "./peer-state";
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
 * A standby that lacks only what is younger than this is near enough: from then on acknowledgements wait for it. To wait
 * until it lacks nothing at all would be in vain over a line with latency, where something is always under way.
 */
const NEAR_MS = 250;

/** Shipped and not yet acknowledged. */
interface Shipment {
  readonly lastSequence: number;
  /** When the first of its commands was taken. */
  readonly atMs: number;
}

/**
 * The active engine's end of a connection with its standby: ships what is durable here, learns what is durable there.
 * Only durable blocks are shipped, so a standby never has what its leader could still lose.
 */
export class Leader {
  private readonly reader: FrameReader;
  private shipments: Shipment[] = [];
  private lastHeardMs = Date.now();
  /** Newest command that may have been acknowledged without this standby; undefined while acknowledgements do not wait. */
  private attachesAt: number | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly control: SharedControl,
    private readonly settings: ThreadSettings,
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
    else send(this.socket, FrameKind.Heartbeat, this.control.gauges[Gauge.LocalDurable]);
  }

  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.onNotice(`replication: the peer's connection is closed: ${(error as Error).message}`);
      this.socket.destroy();
    }
  }

  private received(frame: Frame): void {
    this.lastHeardMs = Date.now();
    if (frame.kind === FrameKind.Hello) this.hello(frame.value, readIntroduction(frame));
    else if (frame.kind === FrameKind.Acknowledged) this.acknowledged(frame.value);
    else if (frame.kind === FrameKind.Fence) this.fence(frame.value);
    else if (frame.kind === FrameKind.AskPosition) this.tellPosition();
  }

  private hello(sequence: number, standby: Introduction): void {
    const { control, settings } = this;
    const epoch = control.gauges[Gauge.Epoch];
    if (standby.epoch > epoch && control.role === RoleCode.Active) this.fenceMyself(standby.epoch);
    const own = capacityFingerprint(settings.capacity);
    if (control.role !== RoleCode.Active) this.refuse("this engine is not active");
    else if (standby.capacity !== own) this.refuse(`the capacity here is ${own}, there it is ${standby.capacity}`);
    else this.help(sequence, standby.epoch);
  }

  /** Brings a standby with this end up to date. */
  private help(sequence: number, standbyEpoch: number): void {
    const { control, settings } = this;
    const epoch = control.gauges[Gauge.Epoch];
    const journal = new FileStorage(settings.journalDirectory);
    const position = { sequence: control.gauges[Gauge.LocalDurable], epoch };
    const step = catchUp(journal, settings.capacity, position, { sequence, epoch: standbyEpoch });
    if (step.kind === "ahead")
      this.refuse(`the standby has command ${sequence}, the active engine only ${position.sequence}`);
    else if (step.kind === "cut") sendIntroduction(this.socket, FrameKind.Cut, step.keep, this.introduction());
    else if (step.kind === "snapshot") this.sendSnapshot();
    else this.follow(step.from, sequence);
  }

  private follow(from: number, sequence: number): void {
    sendIntroduction(this.socket, FrameKind.Follow, from, this.introduction());
    this.onFollowed(this);
    this.acknowledged(sequence);
    this.ship(from).catch((error: Error) =>
      this.guard(() => {
        throw error;
      }),
    );
  }

  private introduction(reason?: string): Introduction {
    const role = (["active", "standby", "fenced", "failed"] as const)[this.control.role];
    const capacity = capacityFingerprint(this.settings.capacity);
    return { role, epoch: this.control.gauges[Gauge.Epoch], capacity, ...(reason ? { reason } : {}) };
  }

  private refuse(reason: string): void {
    sendIntroduction(this.socket, FrameKind.Refused, 0, this.introduction(reason));
  }

  private sendSnapshot(): void {
    const { snapshotDirectory } = this.settings;
    const newest = new SnapshotStore(new FileStorage(snapshotDirectory)).list().at(-1);
    if (!newest) this.refuse("the journal does not go back far enough and there is no snapshot yet");
    else send(this.socket, FrameKind.Snapshot, newest.sequence, readFileSync(join(snapshotDirectory, newest.name)));
  }

  private async ship(from: number): Promise<void> {
    const { control, settings, socket } = this;
    const reader = new JournalReader(new FileStorage(settings.journalDirectory), settings.capacity, from);
    try {
      while (!socket.destroyed && control.role === RoleCode.Active) {
        const bell = control.load(Counter.DurableBell);
        while (reader.next(control.gauges[Gauge.LocalDurable])) {
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
    const { gauges } = this.control;
    if (this.control.role !== RoleCode.Active) return;
    this.shipments = this.shipments.filter((shipment) => shipment.lastSequence > sequence);
    gauges[Gauge.PeerDurable] = sequence;
    if (gauges[Gauge.PeerState] !== peerStateCode("attached")) this.attach(sequence);
    this.control.ring(Counter.GatewayBell);
  }

  /**
   * First nothing more is acknowledged without the standby; it is attached when it has all that may have been
   * acknowledged until then. The other way round, what becomes durable between the two would be acknowledged alone.
   */
  private attach(sequence: number): void {
    const { gauges } = this.control;
    if (this.attachesAt === undefined) {
      const oldestMs = this.oldestShippedMs ?? Number.NEGATIVE_INFINITY;
      const near = sequence >= gauges[Gauge.LocalDurable] || Date.now() - oldestMs <= NEAR_MS;
      if (!near) return;
      gauges[Gauge.PeerRequired] = 1;
      // Atomic, so that no gateway acknowledges by an older look than the one at the next line.
      this.control.ring(Counter.GatewayBell);
      this.attachesAt = gauges[Gauge.LocalDurable];
    }
    if (sequence < this.attachesAt) return;
    gauges[Gauge.PeerState] = peerStateCode("attached");
    this.onAttached(sequence);
    this.onNotice(`replication: a standby is attached at command ${sequence}`);
  }

  private tellPosition(): void {
    const { gauges } = this.control;
    const attached = gauges[Gauge.PeerState] === peerStateCode("attached");
    const local = gauges[Gauge.LocalDurable];
    const acknowledged = gauges[Gauge.PeerRequired] === 0 ? local : Math.min(local, gauges[Gauge.PeerDurable]);
    const { role, epoch } = this.introduction();
    sendPosition(this.socket, { role, epoch, acknowledged, attached });
  }

  private fence(epoch: number): void {
    if (epoch > this.control.gauges[Gauge.Epoch]) this.fenceMyself(epoch);
    if (this.control.role !== RoleCode.Active) send(this.socket, FrameKind.FenceObeyed, epoch);
  }

  private fenceMyself(epoch: number): void {
    if (this.control.role !== RoleCode.Active) return;
    this.control.store(Counter.Role, RoleCode.Fenced);
    this.control.ring(Counter.GatewayBell);
    this.onNotice(`replication: epoch ${epoch} has begun elsewhere; this engine is fenced, restart it as a standby`);
  }
}

/** When the first command of a block was taken, by the clock of the gateway that took it. */
function takenAtMs({ records, firstWord }: JournalReader): number {
  const doubles = records.doubles;
  return doubles[(firstWord >> 1) + CommandDouble.TimeMicroseconds] / 1_000;
}
