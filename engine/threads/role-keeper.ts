import type { Worker } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { peerStateCode, peerStateOf } from "../replication/peer-state";
import { checkPromotion, type PromotionDecision, positionOf } from "../replication/promotion-check";
import { RoleMemory } from "../replication/role-memory";
import type { EngineOptions, Role } from "./engine";
import { Counter, Gauge, RoleCode, type SharedControl } from "./shared-control";

const ROLES: Readonly<Record<RoleCode, Role>> = {
  [RoleCode.Active]: "active",
  [RoleCode.Standby]: "standby",
  [RoleCode.Fenced]: "fenced",
  [RoleCode.Failed]: "failed",
};
const LOOK_MS = 2;

/** What a gateway may tell the replication thread. */
export type ReplicationOrder = "follow" | "lead" | "stop-following" | "continue-alone" | "say-farewell" | "close";

/** Keeps the role of this engine: who may change it, and who is told. */
export class RoleKeeper {
  private announced: RoleCode;
  private failedThread = "";
  private onFarewell: (() => void) | undefined;

  constructor(
    private readonly control: SharedControl,
    private readonly options: EngineOptions,
    private readonly replication: Worker | undefined,
  ) {
    this.announced = control.role;
  }

  get role(): Role {
    return ROLES[this.control.role];
  }

  /** A fenced or failed engine says nothing more to anybody. */
  get mayAnswer(): boolean {
    const { role } = this.control;
    return role === RoleCode.Active || role === RoleCode.Standby;
  }

  /** Tells of a change that another thread has made. */
  look(): void {
    const { role } = this.control;
    if (role === this.announced) return;
    this.announced = role;
    this.options.onRole?.(this.role, this.control.gauges[Gauge.Epoch]);
  }

  /** Starts to follow the peer. */
  follow(): void {
    this.order("follow");
  }

  activate(): void {
    this.control.store(Counter.Role, RoleCode.Active);
  }

  /** The epoch of this engine is durable: a former active engine may be told. */
  lead(): void {
    this.order("lead");
  }

  /**
   * Ends following: resolves when everything that has arrived is applied and durable here.
   * @throws PromotionRefused when something that was acknowledged may be missing here, and then goes on following
   */
  async leaveStandby(decision: PromotionDecision): Promise<void> {
    if (this.control.role !== RoleCode.Standby)
      throw new Error(`this engine is ${this.role}; only a standby is promoted`);
    await this.checkComplete(decision);
    const { gauges } = this.control;
    if (Math.max(gauges[Gauge.Epoch], gauges[Gauge.LeaderEpoch]) === 0) {
      throw new Error("this standby has never followed anybody, so it has nothing to go on with; start it as active");
    }
    this.order("stop-following");
    const settled = (): boolean =>
      (!this.replication || gauges[Gauge.PeerState] === peerStateCode("waiting")) &&
      this.control.load(Counter.InputWritten) === this.control.load(Counter.InputRead) &&
      gauges[Gauge.LocalDurable] >= gauges[Gauge.Applied];
    while (!settled()) {
      this.throwIfFailed();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    gauges[Gauge.PeerRequired] = 0;
  }

  /** Tells the standby where this engine ends. Resolves at once when nobody follows. */
  sayFarewell(): Promise<void> {
    if (!this.replication || this.control.role !== RoleCode.Active) return Promise.resolve();
    const { replication } = this;
    return new Promise((resolve) => {
      this.onFarewell = resolve;
      replication.once("exit", () => resolve());
      this.order("say-farewell");
    });
  }

  farewellSaid(): void {
    this.onFarewell?.();
  }

  private async checkComplete(decision: PromotionDecision): Promise<void> {
    const { replication, journal } = this.options;
    const { gauges } = this.control;
    const peer = replication?.peer && (await positionOf(replication.peer, replication.timeoutMs));
    const { leaderEnd } = new RoleMemory(new FileStorage(journal.directory));
    const own = { epoch: gauges[Gauge.Epoch], durable: gauges[Gauge.LocalDurable], leaderEnd };
    checkPromotion(own, peer || undefined, decision);
  }

  continueAlone(): void {
    const { gauges } = this.control;
    if (this.control.role !== RoleCode.Active)
      throw new Error(`this engine is ${this.role}; only an active one goes on alone`);
    if (peerStateOf(gauges[Gauge.PeerState]) === "attached") throw new Error("the standby is attached; stop it first");
    this.order("continue-alone");
  }

  fail(thread: string): void {
    this.failedThread = thread;
    this.control.store(Counter.Role, RoleCode.Failed);
    this.look();
  }

  throwIfFailed(): void {
    if (this.control.role === RoleCode.Failed)
      throw new Error(`the ${this.failedThread} thread has failed; see the log`);
    if (this.control.role === RoleCode.Fenced)
      throw new Error("a newer epoch has begun elsewhere; restart as a standby");
  }

  close(): void {
    this.order("close");
  }

  private order(order: ReplicationOrder): void {
    this.replication?.postMessage(order);
  }
}
