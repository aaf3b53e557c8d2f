import { createServer, type Server } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { fencePeer } from "../replication/fencer";
import { Leader } from "../replication/leader";
import { peerStateCode } from "../replication/peer-state";
import { Standby } from "../replication/standby";
import { pinThisThread } from "./pinning";
import type { ReplicationOrder } from "./role-keeper";
import { Gauge, RoleCode, SharedControl } from "./shared-control";
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
  /** Since when there is something durable here that no standby has; undefined while there is not. */
  private behindSinceMs: number | undefined;
  private lagTimer: NodeJS.Timeout | undefined;
  private standby: Standby | undefined;
  private server: Server | undefined;
  private promoted = false;

  constructor(private readonly settings: ThreadSettings) {
    this.control = new SharedControl(settings.control);
  }

  /** Accepts the peer from now on. Resolves with the port. */
  listen(): Promise<number> {
    const { host = "0.0.0.0", listenPort } = this.settings.replication!;
    this.lagTimer = setInterval(() => this.measureLag(), LAG_MEASURED_MS);
    return new Promise((resolve, reject) => {
      this.server = createServer((socket) => {
        socket.setNoDelay(true);
        const leader = new Leader(socket, this.control, this.settings, onNotice, (one) => this.followed(one));
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
    else if (order === "stop-following") {
      this.promoted = true;
      this.standby?.stop();
    } else if (order === "lead") this.lead();
    else this.close();
  }

  private follow(): void {
    const onFault = (error: Error): void => tell({ fault: error.message });
    const { queueCapacity } = this.settings.replication!;
    this.standby = new Standby(this.control, this.settings, queueCapacity, onNotice, onFault);
    void this.standby.run();
  }

  private lead(): void {
    const { peer, timeoutMs } = this.settings.replication!;
    const { gauges } = this.control;
    gauges[Gauge.PeerState] = peerStateCode(gauges[Gauge.PeerRequired] === 0 ? "alone" : "waiting");
    if (this.promoted && peer) void fencePeer(this.control, peer, timeoutMs, onNotice);
  }

  /** One standby at a time: the newest connection counts. */
  private followed(leader: Leader): void {
    for (const other of this.leaders) if (other !== leader) other.end();
    this.leaders.clear();
    this.leaders.add(leader);
    this.followedOne = leader;
  }

  private lost(leader: Leader): void {
    this.leaders.delete(leader);
    // A connection that nobody followed over: a probe, or a standby that was refused.
    if (leader !== this.followedOne) return;
    this.followedOne = undefined;
    const { gauges } = this.control;
    if (this.control.role !== RoleCode.Active || gauges[Gauge.PeerState] !== peerStateCode("attached")) return;
    gauges[Gauge.PeerState] = peerStateCode("waiting");
    onNotice(
      "replication: the standby is gone; nothing is acknowledged as durable until one attaches or you go on alone",
    );
  }

  /** A standby that is gone falls behind as one that is slow: the lag goes on from what it was. */
  private measureLag(): void {
    const { gauges, role } = this.control;
    const alone = gauges[Gauge.PeerState] === peerStateCode("alone");
    if (this.followedOne && gauges[Gauge.PeerState] === peerStateCode("attached")) {
      gauges[Gauge.PeerLagMs] = this.followedOne.lagMs;
      this.behindSinceMs = undefined;
    } else if (role !== RoleCode.Active || alone || gauges[Gauge.LocalDurable] <= gauges[Gauge.PeerDurable]) {
      gauges[Gauge.PeerLagMs] = 0;
      this.behindSinceMs = undefined;
    } else {
      this.behindSinceMs ??= Date.now() - gauges[Gauge.PeerLagMs];
      gauges[Gauge.PeerLagMs] = Date.now() - this.behindSinceMs;
    }
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
