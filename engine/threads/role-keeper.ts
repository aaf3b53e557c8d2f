import type { Worker } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { type AloneDecision, NotAlone } from "../replication/not-alone";
import { peerStateCode } from "../replication/peer-state";
import { checkPromotion, type PromotionDecision, positionOf } from "../replication/promotion-check";
import { RoleMemory } from "../replication/role-memory";
import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import type { EngineOptions, Role } from "./engine";

const ROLES: Readonly<Record<RoleCode, Role>> = {
  [RoleCode.Active]: "active",
  [RoleCode.Standby]: "standby",
  [RoleCode.Fenced]: "fenced",
  [RoleCode.Failed]: "failed",
};
const LOOK_MS = 2;

/** What a gateway may tell the replication thread. */
export type ReplicationOrder =
  | "follow"
  | "lead"
  | "stop-following"
  | "continue-alone"
  | "continue-alone-standby-lost"
  | "say-farewell"
  | "close";

/** Keeps the role of this engine: who may change it, and who is told. */
export class RoleKeeper {
  private announced: RoleCode;
  private failedThread = "";
  private epochLed = 0;
  private onFarewell: (() => void) | undefined;
  private readonly onContinuedAlone: ((refusal?: string) => void)[] = [];
  private readonly memory: RoleMemory;

  constructor(
    private readonly control: SharedControl,
    private readonly options: EngineOptions,
    private readonly replication: Worker | undefined,
  ) {
    this.announced = control.role;
    this.memory = new RoleMemory(new FileStorage(options.journal.directory));
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
    this.options.onRole?.(this.role, this.epoch);
  }

  /** The epoch in which this engine answers. The first command of one that it leads may not have been applied yet. */
  get epoch(): number {
    const { gauges, role } = this.control;
    return role === RoleCode.Active ? Math.max(gauges[Gauge.Epoch]!, this.epochLed) : gauges[Gauge.Epoch]!;
  }

  /** Starts to follow the peer. */
  follow(): void {
    this.order("follow");
  }

  /** The epoch that a promotion begins now. The leader's newest one may have begun without its first command here. */
  get nextEpoch(): number {
    const { gauges } = this.control;
    return this.memory.nextEpoch(Math.max(gauges[Gauge.Epoch]!, gauges[Gauge.LeaderEpoch]!));
  }

  /**
   * Notes that this engine leads from now on, and whether alone: durable before a command could be acknowledged,
   * because after a restart what an engine is does not follow from its place in a set.
   */
  noteLeading(epoch: number, sharedUpTo?: number): void {
    const { control, memory } = this;
    const { leadership } = memory;
    this.epochLed = epoch;
    const alone = control.load(Counter.PeerRequired) === 0 || (leadership?.alone ?? false);
    const { role: told } = this.options;
    memory.lead({ epoch, alone, sharedUpTo: sharedUpTo ?? leadership?.sharedUpTo ?? 0, told });
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
      throw new Error(`this engine is ${this.role}; only a standby can be promoted`);
    await this.checkComplete(decision);
    const { gauges } = this.control;
    if (Math.max(gauges[Gauge.Epoch]!, gauges[Gauge.LeaderEpoch]!) === 0) {
      throw new Error(
        "this standby has never followed an active engine, so it has no history to continue; start it as active",
      );
    }
    this.order("stop-following");
    const { control } = this;
    // The state first: what the standby has received is in the queue when it says that it waits.
    const settled = (): boolean =>
      (!this.replication || control.load(Counter.PeerState) === peerStateCode("waiting")) &&
      control.load(Counter.InputWritten) === control.load(Counter.InputRead) &&
      control.localDurable >= gauges[Gauge.Applied]!;
    while (!settled()) {
      this.throwIfFailed();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    control.store(Counter.PeerRequired, 0);
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
    const { replication } = this.options;
    const { gauges } = this.control;
    const peer = replication?.peer && (await positionOf({ ...replication, peer: replication.peer }));
    const { leaderEnd } = this.memory;
    const own = { epoch: gauges[Gauge.Epoch]!, durable: this.control.localDurable, leaderEnd };
    checkPromotion(own, peer || undefined, decision);
  }

  /**
   * Resolves when it is noted, and what is durable here is acknowledged from now on.
   * @throws NotAlone when the engine may not
   */
  async continueAlone(decision: AloneDecision): Promise<void> {
    const { replication } = this;
    if (this.control.role !== RoleCode.Active)
      throw new NotAlone(`this engine is ${this.role}; only an active engine can continue alone`);
    // Without replication it always was.
    if (!replication) return;
    const refusal = await new Promise<string | undefined>((resolve) => {
      this.onContinuedAlone.push(resolve);
      replication.once("exit", () => resolve("the engine has stopped"));
      this.order(decision === "standby-lost" ? "continue-alone-standby-lost" : "continue-alone");
    });
    if (refusal !== undefined) throw new NotAlone(refusal);
  }

  continuedAlone(refusal?: string): void {
    this.onContinuedAlone.shift()?.(refusal);
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
      throw new Error("a newer epoch has started elsewhere; restart as a standby");
  }

  close(): void {
    this.order("close");
  }

  private order(order: ReplicationOrder): void {
    this.replication?.postMessage(order);
  }
}
