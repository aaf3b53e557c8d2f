import { createServer, type Server } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { Farewell } from "../replication/farewell";
import { fencePeer } from "../replication/fencer";
import { Leader } from "../replication/leader";
import { peerStateCode } from "../replication/peer-state";
import { RoleMemory } from "../replication/role-memory";
import { Standby } from "../replication/standby";
import { StandbyLag } from "../replication/standby-lag";
import { presenceCode } from "../replication/standby-presence";
import { pinThisThread } from "./pinning";
import type { ReplicationOrder } from "./role-keeper";
import { Counter, Gauge, RoleCode, SharedControl } from "./shared-control";
import { report, type ThreadMessage } from "./thread-report";
import type { ThreadSettings } from "./thread-settings";

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
  private promoted = false;

  constructor(private readonly settings: ThreadSettings) {
    this.control = new SharedControl(settings.control);
    this.memory = new RoleMemory(new FileStorage(settings.journalDirectory));
  }

  /** Accepts the peer from now on. Resolves with the port. */
  listen(): Promise<number> {
    const { host = "0.0.0.0", listenPort } = this.settings.replication!;
    this.lagTimer = setInterval(() => this.measure(), LAG_MEASURED_MS);
    return new Promise((resolve, reject) => {
      this.server = createServer((socket) => {
        socket.setNoDelay(true);
        const attached = (sequence: number): void => this.attached(sequence);
        const leader = new Leader(socket, this.control, this.settings, onNotice, (one) => this.followed(one), attached);
        this.leaders.add(leader);
        socket.on("close", () => this.lost(leader));
      });
      this.server.once("error", reject);
      this.server.listen(listenPort, host, () => {
        const address = this.server!.address();
        resolve(typeof address === "object" && address ? address.port : listenPort);
      });
    });
  }

  obey(order: ReplicationOrder): void {
    if (order === "follow") this.follow();
    else if (order === "stop-following") this.stopFollowing();
    else if (order === "lead") this.lead();
    else if (order === "continue-alone") this.continueAlone();
    else if (order === "say-farewell") void this.sayFarewell();
    else this.close();
  }

  private follow(): void {
    const onFault = (error: Error): void => tell({ fault: error.message });
    const { queueCapacity } = this.settings.replication!;
    const { gauges } = this.control;
    const end = this.memory.leaderEnd;
    if (end && end.epoch >= gauges[Gauge.Epoch]) gauges[Gauge.LeaderEnded] = end.sequence;
    this.standby = new Standby(this.control, this.settings, queueCapacity, this.memory, onNotice, onFault);
    void this.standby.run();
  }

  /** What is promoted leads alone, until somebody follows it. */
  private stopFollowing(): void {
    this.promoted = true;
    this.remember(true, this.control.gauges[Gauge.LocalDurable]);
    this.standby?.stop();
  }

  private lead(): void {
    const { peer, timeoutMs } = this.settings.replication!;
    const { gauges } = this.control;
    const alone = gauges[Gauge.PeerRequired] === 0;
    gauges[Gauge.PeerState] = peerStateCode(alone ? "alone" : "waiting");
    this.remember(alone || (this.memory.leadership?.alone ?? false), this.memory.leadership?.sharedUpTo ?? 0);
    if (this.promoted && peer) void fencePeer(this.control, peer, timeoutMs, onNotice);
  }

  /** An operator has decided that the standby is gone. Meanwhile one may have attached: then nothing changes. */
  private continueAlone(): void {
    const { gauges } = this.control;
    if (gauges[Gauge.PeerState] === peerStateCode("attached")) return;
    this.remember(true, this.memory.leadership?.sharedUpTo ?? 0);
    gauges[Gauge.PeerRequired] = 0;
    gauges[Gauge.PeerState] = peerStateCode("alone");
    this.control.ring(Counter.GatewayBell);
  }

  private attached(sequence: number): void {
    this.remember(false, sequence);
    this.measure();
  }

  /** Without room on the disk the old memory stays, and an engine that comes back keeps more aside than it must. */
  private remember(alone: boolean, sharedUpTo: number): void {
    try {
      this.memory.lead({ alone, sharedUpTo });
    } catch (error) {
      onNotice(`replication: what this engine is cannot be remembered over a restart: ${(error as Error).message}`);
    }
  }

  private async sayFarewell(): Promise<void> {
    const { followedOne, control, settings } = this;
    // Whoever came now would begin to follow an engine that ends.
    this.server?.close();
    if (followedOne && control.role === RoleCode.Active) {
      await new Farewell(control, followedOne, settings.replication!.timeoutMs).say();
    }
    tell({ farewellSaid: true });
  }

  /**
   * One standby at a time: the newest connection counts. It may be another standby than the one that was attached, or
   * the same with an empty disk, so it is attached only when it has shown that it has everything.
   */
  private followed(leader: Leader): void {
    const { gauges } = this.control;
    if (gauges[Gauge.PeerState] === peerStateCode("attached")) gauges[Gauge.PeerState] = peerStateCode("waiting");
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
    const { gauges } = this.control;
    if (this.control.role !== RoleCode.Active) return;
    // It was near and is gone before it was attached: nobody relies on it.
    if (gauges[Gauge.PeerState] === peerStateCode("alone")) gauges[Gauge.PeerRequired] = 0;
    const wasAttached = gauges[Gauge.PeerState] === peerStateCode("attached");
    if (wasAttached) gauges[Gauge.PeerState] = peerStateCode("waiting");
    this.measure();
    if (!wasAttached) return;
    onNotice(
      "replication: the standby is gone; nothing is acknowledged as durable until one attaches or you go on alone",
    );
  }

  /** Presence and lag of the standby, in every state. */
  private measure(): void {
    const { gauges, role } = this.control;
    if (role !== RoleCode.Active) return;
    const attached = this.followedOne && gauges[Gauge.PeerState] === peerStateCode("attached");
    if (this.followedOne) gauges[Gauge.StandbyPresence] = presenceCode(attached ? "attached" : "catching-up");
    else if (gauges[Gauge.StandbyPresence] > 0) gauges[Gauge.StandbyPresence] = presenceCode("absent");
    const look = {
      ownDurable: gauges[Gauge.LocalDurable],
      peerDurable: gauges[Gauge.PeerDurable],
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
