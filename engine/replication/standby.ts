import type { Socket } from "node:net";
import { FileStorage } from "../journal/file-storage";
import { readBlock } from "../journal/format";
import { COMMAND_BYTES, COMMAND_WORDS, CommandDouble } from "../protocol/command";
import { CommandQueue } from "../shared-memory/command-queue";
import { Counter, Gauge, type SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { commandMark, markOf } from "./command-mark";
import type { Fence } from "./fence";
import type { Introducer } from "./introducer";
import { connectToPeer } from "./peer-connection";
import { peerStateCode } from "./peer-state";
import type { RoleMemory } from "./role-memory";
import { versionConflict } from "./versions";
import {
  type Frame,
  FrameKind,
  FrameReader,
  type Introduction,
  readIntroduction,
  send,
  sendIntroduction,
} from "./wire";

const SEARCH_MS = 200;
const FULL_QUEUE_MS = 1;
const LOOK_MS = 50;

/** What it shares with the connections of the same engine. */
export interface StandbyParts {
  readonly memory: RoleMemory;
  readonly fence: Fence;
  readonly introducer: Introducer;
}

/** The standby's end: puts what the leader ships into the own queue and acknowledges what has become durable. */
export class Standby {
  private socket: Socket | undefined;
  private readonly queue: CommandQueue;
  private received: number;
  /** Checksum of the command at `received`, where that is known, and its epoch. */
  private receivedMark: number | undefined;
  private receivedEpoch = 0;
  private following = true;
  private work: Promise<void> = Promise.resolve();
  private refusal = "";

  constructor(
    private readonly control: SharedControl,
    private readonly settings: ThreadSettings,
    queueCapacity: number,
    private readonly parts: StandbyParts,
    private readonly onNotice: (notice: string) => void,
    private readonly onFault: (error: Error) => void,
  ) {
    this.queue = new CommandQueue(control, settings.rings.input, queueCapacity);
    this.received = control.gauges[Gauge.Applied]!;
    const journal = new FileStorage(settings.journalDirectory);
    this.receivedMark = commandMark(journal, settings.capacity, this.received);
  }

  /** Searches the leader and follows it, again and again, until `stop`. */
  async run(): Promise<void> {
    while (this.following && !this.control.stopping) {
      this.control.store(Counter.PeerState, peerStateCode("searching"));
      await this.session();
      await this.work;
      if (this.following) await new Promise((resolve) => setTimeout(resolve, SEARCH_MS));
    }
    this.control.store(Counter.PeerState, peerStateCode("waiting"));
  }

  /** Follows no longer: nothing of the leader's comes in any more. */
  stop(): void {
    this.following = false;
    this.socket?.destroy();
  }

  private session(): Promise<void> {
    const { timeoutMs, peer, secure } = this.settings.replication!;
    return new Promise((resolve) => {
      const address = { peer: peer!, timeoutMs, secure };
      const socket = connectToPeer(
        address,
        (ready) => this.hello(ready),
        (notice) => this.notConnected(notice),
      );
      this.socket = socket;
      socket.setNoDelay(true);
      socket.setTimeout(timeoutMs, () => socket.destroy());
      const reader = new FrameReader((frame) => this.take(socket, frame));
      socket.on("data", (chunk) => {
        try {
          reader.push(chunk);
        } catch (error) {
          this.fault(socket, error as Error);
        }
      });
      socket.on("error", () => socket.destroy());
      socket.on("close", () => resolve());
    });
  }

  /** Said once until something else goes wrong: it is tried again all the time. */
  private notConnected(notice: string): void {
    if (notice === this.refusal) return;
    this.refusal = notice;
    this.onNotice(notice);
  }

  private hello(socket: Socket): void {
    const introduction = this.parts.introducer.introduction();
    // The core may not have come as far as what was received.
    const epoch = Math.max(introduction.epoch, this.receivedEpoch);
    sendIntroduction(socket, FrameKind.Hello, this.received, { ...introduction, epoch, mark: this.receivedMark });
  }

  private take(socket: Socket, frame: Frame): void {
    if (!this.following) return;
    if (frame.kind === FrameKind.Follow) this.follow(socket, frame);
    else if (frame.kind === FrameKind.Block) this.inOrder(socket, () => this.enter(frame.payload));
    else if (frame.kind === FrameKind.Ended) this.leaderEnded(socket, frame.value);
    else if (frame.kind === FrameKind.Refused) this.refusedBy(socket, readIntroduction(frame));
    else if (frame.kind === FrameKind.Cut || frame.kind === FrameKind.Snapshot) {
      this.fault(socket, new Error("this standby's journal has diverged; restart it to have it corrected"));
    }
  }

  private follow(socket: Socket, frame: Frame): void {
    this.refusal = "";
    const leader = readIntroduction(frame);
    const { epoch } = leader;
    // What was noted of an earlier leader's end is gone before the first command of this one comes.
    const obstacle = versionConflict(leader) ?? failureOf(() => this.parts.memory.follow(epoch), NOT_NOTED);
    if (obstacle !== undefined) {
      this.refused(socket, obstacle);
      return;
    }
    this.control.gauges[Gauge.LeaderEpoch] = epoch;
    this.control.gauges[Gauge.LeaderEnded] = 0;
    this.onNotice(`replication: following epoch ${epoch} from command ${frame.value}`);
    this.control.store(Counter.PeerState, peerStateCode("following"));
    this.acknowledge(socket).catch((error: Error) => this.fault(socket, error));
  }

  /** All that the leader will ever have in its epoch is durable here, unless somebody starts it again. */
  private leaderEnded(socket: Socket, sequence: number): void {
    const epoch = this.control.gauges[Gauge.LeaderEpoch]!;
    const failure = failureOf(() => this.parts.memory.leaderEnded({ epoch, sequence }), END_NOT_NOTED);
    if (failure) this.onNotice(`replication: ${failure}`);
    this.control.gauges[Gauge.LeaderEnded] = sequence;
    this.onNotice(`replication: the active engine has ended with command ${sequence}, which is durable here`);
    socket.end();
  }

  private refusedBy(socket: Socket, { reason = "", knownEpoch = 0 }: Introduction): void {
    this.parts.fence.hear(knownEpoch);
    this.refused(socket, reason);
  }

  private refused(socket: Socket, reason: string): void {
    if (reason !== this.refusal) this.onNotice(`replication: does not follow: ${reason}`);
    this.refusal = reason;
    socket.destroy();
  }

  /** Blocks are entered one after the other, although entering may have to wait for the queue. */
  private inOrder(socket: Socket, act: () => Promise<void>): void {
    socket.pause();
    this.work = this.work
      .then(act)
      .then(() => void socket.resume())
      .catch((error: Error) => this.fault(socket, error));
  }

  private async enter(bytes: Uint8Array): Promise<void> {
    const block = readBlock(bytes);
    if (!block) throw new Error("a block from the active engine is damaged");
    const records = bytes.subarray(bytes.length - block.count * COMMAND_WORDS * 4);
    const words = new Int32Array(records.buffer, records.byteOffset, records.length / 4);
    const doubles = new Float64Array(records.buffer, records.byteOffset, records.length / 8);
    for (let at = 0; at < words.length; at += COMMAND_WORDS) {
      const sequence = doubles[(at >> 1) + CommandDouble.Sequence]!;
      if (sequence <= this.received) continue;
      if (sequence !== this.received + 1) throw new Error(`command ${this.received + 1} was not sent`);
      while (!this.queue.offer(words, at, sequence)) await new Promise((resolve) => setTimeout(resolve, FULL_QUEUE_MS));
      this.received = sequence;
    }
    this.receivedEpoch = block.epoch;
    this.receivedMark = markOf(records.subarray(records.length - COMMAND_BYTES));
  }

  private async acknowledge(socket: Socket): Promise<void> {
    let acknowledged = -1;
    let lastMs = 0;
    while (!socket.destroyed) {
      const bell = this.control.load(Counter.DurableBell);
      const durable = this.control.localDurable;
      const beat = Date.now() - lastMs > this.settings.replication!.timeoutMs / 4;
      if (durable > acknowledged || beat) {
        send(socket, FrameKind.Acknowledged, durable);
        acknowledged = durable;
        lastMs = Date.now();
      }
      await this.control.waitAsync(Counter.DurableBell, bell, LOOK_MS);
    }
  }

  private fault(socket: Socket, error: Error): void {
    socket.destroy();
    if (!this.following) return;
    this.following = false;
    this.onFault(error);
  }
}

const NOT_NOTED = "the standby role cannot be recorded on this disk";
const END_NOT_NOTED = "the last position of the active engine cannot be recorded on this disk";

/** What went wrong; undefined when it went well. */
function failureOf(act: () => void, what: string): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return `${what}: ${(error as Error).message}`;
  }
}
