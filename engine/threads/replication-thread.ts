import type { Server, Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { AcknowledgedUpTo } from "../replication/acknowledged-up-to";
import { Farewell } from "../replication/farewell";
import { Fence } from "../replication/fence";
import { Introducer } from "../replication/introducer";
import { Leader, type LeaderParts } from "../replication/leader";
import { type AloneDecision, saidFarewell } from "../replication/not-alone";
import { acceptPeer } from "../replication/peer-connection";
import { peerStateCode } from "../replication/peer-state";
import { PeerWatch } from "../replication/peer-watch";
import { RoleMemory } from "../replication/role-memory";
import { Standby, type StandbyParts } from "../replication/standby";
import { StandbyLag } from "../replication/standby-lag";
import { presenceCode } from "../replication/standby-presence";
import { Counter, Gauge, RoleCode, SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { pinThisThread } from "./pinning";
import type { ReplicationOrder } from "./role-keeper";
import { report, type ThreadMessage } from "./thread-report";

const port = parentPort!;
const tell = (message: ThreadMessage): void => port.postMessage(message);
const onNotice = (notice: string): void => tell({ notice });

const LAG_MEASURED_MS = 250;

/** Keeps the connection with the peer: leads when this engine is active, follows when it stands by. */
class Replication {
  private readonly control: SharedControl;
  private readonly leaders = new Set<Leader>();
  /** The one that a standby follows. */
  private followedOne: Leader | undefined;
  private readonly lag = new StandbyLag(Date.now());
  private readonly memory: RoleMemory;
  private lagTimer: NodeJS.Timeout | undefined;
  private standby: Standby | undefined;
  private server: Server | undefined;
  private watch: PeerWatch | undefined;
  private readonly fence: Fence;
  private readonly introducer: Introducer;
  private readonly acknowledged: AcknowledgedUpTo;

  constructor(private readonly settings: ThreadSettings) {
    this.control = new SharedControl(settings.control);
    this.memory = new RoleMemory(new FileStorage(settings.journalDirectory));
    this.fence = new Fence(this.control, this.memory, onNotice);
    this.acknowledged = new AcknowledgedUpTo(this.control);
    this.introducer = new Introducer(this.control, settings.capacity, this.memory, this.acknowledged);
  }

  /** Accepts the peer from now on. Resolves with the port. */
  listen(): Promise<number> {
    const { host = "0.0.0.0", listenPort, secure } = this.settings.replication!;
    this.lagTimer = setInterval(() => this.measure(), LAG_MEASURED_MS);
    return new Promise((resolve, reject) => {
      const accepted = (socket: Socket): void => {
        socket.setNoDelay(true);
        const attached = (sequence: number): void => this.attached(sequence);
        const { fence, introducer, acknowledged } = this;
        const parts: LeaderParts = { fence, introducer, acknowledged };
        const followed = (one: Leader): void => this.followed(one);
        const leader = new Leader(socket, this.control, this.settings, parts, onNotice, followed, attached);
        this.leaders.add(leader);
        socket.on("close", () => this.lost(leader));
      };
      this.server = acceptPeer(secure, accepted, onNotice);
      this.server.once("error", reject);
      this.server.listen(listenPort, host, () => {
        const address = this.server!.address();
        resolve(typeof address === "object" && address ? address.port : listenPort);
      });
    });
  }

  obey(order: ReplicationOrder): void {
    if (order === "follow") this.follow();
    else if (order === "stop-following") this.standby?.stop();
    else if (order === "lead") this.lead();
    else if (order === "continue-alone") void this.continueAlone("standby-away");
    else if (order === "continue-alone-standby-lost") void this.continueAlone("standby-lost");
    else if (order === "say-farewell") void this.sayFarewell();
    else this.close();
  }

  private follow(): void {
    const onFault = (error: Error): void => tell({ fault: error.message });
    const { queueCapacity } = this.settings.replication!;
    const { gauges } = this.control;
    const end = this.memory.leaderEnd;
    if (end && end.epoch >= gauges[Gauge.Epoch]!) gauges[Gauge.LeaderEnded] = end.sequence;
    const parts: StandbyParts = { memory: this.memory, fence: this.fence, introducer: this.introducer };
    this.standby = new Standby(this.control, this.settings, queueCapacity, parts, onNotice, onFault);
    void this.standby.run();
  }

  /** The engine leads, and has noted so. What is promoted leads alone, until somebody follows it. */
  private lead(): void {
    const { peer, timeoutMs, secure } = this.settings.replication!;
    const { control } = this;
    const alone = control.load(Counter.PeerRequired) === 0;
    control.store(Counter.PeerState, peerStateCode(alone ? "alone" : "waiting"));
    this.acknowledged.begin();
    if (peer) {
      const stopAlone = (): void => this.stopAlone();
      this.watch = new PeerWatch(control, this.fence, { peer, timeoutMs, secure }, onNotice, stopAlone);
      void this.watch.run();
    }
  }

  /** Waits for a standby again. What was acknowledged alone stays noted as that. */
  private stopAlone(): void {
    const { control } = this;
    if (control.load(Counter.PeerRequired) !== 0) return;
    this.acknowledged.noteLocal();
    control.store(Counter.PeerRequired, 1);
    control.store(Counter.PeerState, peerStateCode("waiting"));
  }

  /**
   * An operator has decided that the standby is gone. It is not when it can be asked and leads itself; and what cannot
   * be noted is not done: after a restart, what was acknowledged alone would count as never acknowledged.
   */
  private async continueAlone(decision: AloneDecision): Promise<void> {
    tell({ continuedAlone: { refusal: await this.goAlone(decision).catch((error: Error) => error.message) } });
  }

  /** Why it does not; undefined when it goes alone from now on. */
  private async goAlone(decision: AloneDecision): Promise<string | undefined> {
    const { control } = this;
    const peer = await this.watch?.tell();
    if (control.role !== RoleCode.Active) return "a newer epoch has begun elsewhere; restart this engine as a standby";
    if (peer?.role === "active") return "the peer is an active engine as well; stop one of the two first";
    // Meanwhile one may have attached.
    if (control.load(Counter.PeerState) === peerStateCode("attached")) return "the standby is attached; stop it first";
    const { leadership, farewell } = this.memory;
    const epoch = control.gauges[Gauge.Epoch]!;
    if (farewell?.epoch === epoch && decision === "standby-away") return saidFarewell(farewell.sequence);
    try {
      this.memory.lead({ epoch, alone: true, sharedUpTo: leadership?.sharedUpTo ?? 0 });
      this.memory.takeFarewellBack();
    } catch (error) {
      const why = (error as Error).message;
      return `continuing alone cannot be recorded on this engine's disk (${why}); free some space or repair the disk, and try again`;
    }
    control.store(Counter.PeerRequired, 0);
    control.store(Counter.PeerState, peerStateCode("alone"));
    control.ring(Counter.GatewayBell);
    return undefined;
  }

  /** Without room on the disk the old note stays, and an engine that comes back keeps more aside than it must. */
  private attached(sequence: number): void {
    const epoch = this.control.gauges[Gauge.Epoch]!;
    try {
      this.memory.lead({ epoch, alone: false, sharedUpTo: sequence });
      // It forgot what it was told when it began to follow.
      this.memory.takeFarewellBack();
    } catch (error) {
      onNotice(`replication: the attachment of the standby cannot be recorded: ${(error as Error).message}`);
    }
    this.measure();
  }

  private async sayFarewell(): Promise<void> {
    const { followedOne, control, settings } = this;
    // Whoever came now would begin to follow an engine that ends.
    this.server?.close();
    if (followedOne && control.role === RoleCode.Active) {
      const epoch = control.gauges[Gauge.Epoch]!;
      const note = (sequence: number): void => this.memory.sayFarewell({ epoch, sequence });
      await new Farewell(control, followedOne, settings.replication!.timeoutMs, note)
        .say()
        .catch((error: Error) =>
          onNotice(`replication: the standby could not be told this engine's last position: ${error.message}`),
        );
    }
    tell({ farewellSaid: true });
  }

  /**
   * One standby at a time: the newest connection counts. It may be another standby than the one that was attached, or
   * the same with an empty disk, so it is attached only when it has shown that it has everything.
   */
  private followed(leader: Leader): void {
    const { control } = this;
    if (control.load(Counter.PeerState) === peerStateCode("attached")) this.waitForStandby();
    for (const other of this.leaders) if (other !== leader) other.end();
    this.leaders.clear();
    this.leaders.add(leader);
    this.followedOne = leader;
    this.measure();
  }

  private lost(leader: Leader): void {
    this.leaders.delete(leader);
    // A connection that nobody followed over: a probe, or a standby that was refused.
    if (leader !== this.followedOne) return;
    this.followedOne = undefined;
    const { control } = this;
    if (control.role !== RoleCode.Active) return;
    // It was near and is gone before it was attached: nobody relies on it.
    if (control.load(Counter.PeerState) === peerStateCode("alone")) control.store(Counter.PeerRequired, 0);
    const wasAttached = control.load(Counter.PeerState) === peerStateCode("attached");
    if (wasAttached) this.waitForStandby();
    this.measure();
    if (!wasAttached) return;
    onNotice(
      "replication: the standby is gone; nothing is acknowledged as durable until one attaches or you continue alone (continue-alone)",
    );
  }

  private waitForStandby(): void {
    this.acknowledged.note();
    this.control.store(Counter.PeerState, peerStateCode("waiting"));
  }

  /** Presence and lag of the standby, in every state. */
  private measure(): void {
    const { gauges, role } = this.control;
    if (role !== RoleCode.Active) return;
    const attached = this.followedOne && this.control.load(Counter.PeerState) === peerStateCode("attached");
    if (this.followedOne) gauges[Gauge.StandbyPresence] = presenceCode(attached ? "attached" : "catching-up");
    else if (gauges[Gauge.StandbyPresence]! > 0) gauges[Gauge.StandbyPresence] = presenceCode("absent");
    const look = {
      ownDurable: this.control.localDurable,
      peerDurable: this.control.peerDurable,
      oldestShippedMs: this.followedOne?.oldestShippedMs,
    };
    gauges[Gauge.PeerLagMs] = this.lag.look(look, Date.now());
  }

  private close(): void {
    clearInterval(this.lagTimer);
    this.standby?.stop();
    for (const leader of this.leaders) leader.end();
    this.server?.close();
    port.close();
  }
}

async function run(settings: ThreadSettings): Promise<void> {
  const placement = pinThisThread(settings.cpu);
  const replication = new Replication(settings);
  const listening = await replication.listen();
  new SharedControl(settings.control).gauges[Gauge.PeerPort] = listening;
  port.on("message", (order: ReplicationOrder) => replication.obey(order));
  tell({ ready: { placement } });
}

report(() => run(workerData as ThreadSettings));
