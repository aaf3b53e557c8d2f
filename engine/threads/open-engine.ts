import type { Worker } from "node:worker_threads";
import { DirectoryOwnership } from "../data-directory/ownership";
import { FileStorage } from "../journal/file-storage";
import type { JournalEnd } from "../journal/journal-end";
import { LEAST_SEGMENT_BYTES } from "../journal/journal-writer";
import { journalBehind } from "../journal/recovery-error";
import { checkCapacity } from "../matching/capacity";
import { endOfStorage } from "../replay/end-of-storage";
import { prepareWithPeer } from "../replication/prepare";
import { RoleMemory } from "../replication/role-memory";
import { roleAtStart } from "../replication/start-role";
import type { Introduction } from "../replication/wire";
import { LatencyBuckets } from "../shared-memory/latency-buckets";
import { allocateRings } from "../shared-memory/ring-buffers";
import { Counter, Gauge, RoleCode, SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { SnapshotStore } from "../snapshot/snapshot-store";
import type { Engine, EngineOptions, RecoveredState, ThreadPlacement } from "./engine";
import { cpuAt } from "./pinning";
import { type EngineParts, RunningEngine } from "./running-engine";
import { startThread, type ThreadName, whenReady } from "./start-thread";
import type { ThreadMessage } from "./thread-report";

const BYTES_PER_MIB = 1_048_576;

/** Recovers what is on the disk, starts the threads, and resolves when the engine takes commands (or follows). */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  check(options);
  if (options.ownership) return openOwned(options);
  const ownership = DirectoryOwnership.take([options.journal.directory, options.snapshot.directory], "engine");
  try {
    return await openOwned(options, ownership);
  } catch (error) {
    ownership.release();
    throw error;
  }
}

/** `own` is what the engine has taken itself and gives back at its end. */
async function openOwned(options: EngineOptions, own?: DirectoryOwnership): Promise<Engine> {
  const role = await startingRole(options);
  const control = new SharedControl();
  control.gauges[Gauge.RetainedEvent] = KEEP_ALL_EVENTS;
  control.store(Counter.Role, RoleCode.Standby);
  const starting = new StartingEngine(options, control, own);
  try {
    // The journal is repaired before anybody reads it.
    await starting.start("journal", options.threads.journal);
    await Promise.all([starting.start("matching", options.threads.matching), starting.start("follower", undefined)]);
    if (options.replication) await starting.start("replication", undefined);
    if (role === "active") await options.onRecovered?.(recoveredState(control));
    const engine = await starting.finish(role);
    setImmediate(() => retainNothingUnasked(control));
    return engine;
  } catch (error) {
    await starting.abandon();
    throw error;
  }
}

/**
 * From `openEngine` to whoever awaits it, so that a snapshot meanwhile removes nothing that is asked for a step later.
 */
const KEEP_ALL_EVENTS = 0;

function recoveredState({ gauges }: SharedControl): RecoveredState {
  return { sequence: gauges[Gauge.Applied]!, eventSequence: gauges[Gauge.AppliedEvents]!, epoch: gauges[Gauge.Epoch]! };
}

/** The caller has had its turn to call `retainFrom`. */
function retainNothingUnasked(control: SharedControl): void {
  const { gauges } = control;
  if (gauges[Gauge.RetainedEvent] === KEEP_ALL_EVENTS) gauges[Gauge.RetainedEvent] = Number.POSITIVE_INFINITY;
}

/**
 * The role of an engine follows from its peer, then from what it remembers, then from its options. One that was to be
 * active and may not be is a standby, so that it finds its leader, or is promoted; without a peer it refuses to start.
 */
async function startingRole(options: EngineOptions): Promise<"active" | "standby"> {
  const { replication, role, capacity } = options;
  const warn = (message: string): void => options.onNotice?.({ level: "warn", message });
  if (!replication?.peer && role === "standby")
    throw new Error("replication.peer: is missing; a standby follows somebody");
  const journal = new FileStorage(options.journal.directory);
  const snapshots = new SnapshotStore(new FileStorage(options.snapshot.directory));
  const found = replication?.peer
    ? await prepareWithPeer({
        capacity,
        journalDirectory: options.journal.directory,
        snapshotDirectory: options.snapshot.directory,
        peer: replication.peer,
        timeoutMs: replication.timeoutMs,
        secure: replication.secure,
        onNotice: warn,
      })
    : undefined;
  if (found?.state === "active") {
    if (role === "active") warn("replication: the peer is active; this engine starts as its standby");
    return "standby";
  }
  const end = endOfStorage(journal, snapshots, capacity, warn);
  const decision = roleAtStart({
    memory: new RoleMemory(journal),
    journalEpoch: end.epoch,
    configured: role,
    unlessRemembered: options.roleUnlessRemembered ?? false,
  });
  if (decision.refusal && !replication?.peer) throw decision.refusal;
  if (decision.refusal) warn(`${decision.refusal.message}. Until then it stands by`);
  else if (decision.notice) warn(`replication: ${decision.notice}`);
  else if (decision.role !== role) warn(`replication: this engine was ${decision.role} before, and is again`);
  if (decision.role === "active" && found?.peer)
    checkAgainstPeer(journal.location, end, replication!.peer!, found.peer);
  return decision.role;
}

/** A leader never has less than its standby: only what is durable here was ever shipped. */
function checkAgainstPeer(location: string, end: JournalEnd, address: string, peer: Introduction): void {
  if (peer.epoch < end.epoch || (peer.sequence ?? 0) <= end.sequence) return;
  throw journalBehind(location, end.sequence, `the peer ${address}`, peer.sequence!, "; or promote the peer first");
}

function check(options: EngineOptions): void {
  checkCapacity(options.capacity);
  const { segmentMiB } = options.journal;
  if (segmentMiB * BYTES_PER_MIB < LEAST_SEGMENT_BYTES)
    throw new Error(`journal.segmentMiB: ${segmentMiB}; give at least 1`);
  if (options.limits.symbols.length !== options.capacity.symbols) {
    const { symbols } = options.capacity;
    throw new Error(
      `limits.symbols: ${options.limits.symbols.length} entries for ${symbols} symbols; give one for each`,
    );
  }
}

class StartingEngine {
  private readonly rings;
  private readonly latency = new LatencyBuckets();
  private readonly workers: Partial<Record<ThreadName, Worker>> = {};
  private readonly placement: ThreadPlacement[] = [];
  private running: RunningEngine | undefined;
  private readonly early: [ThreadName, ThreadMessage][] = [];

  constructor(
    private readonly options: EngineOptions,
    private readonly control: SharedControl,
    private readonly ownership: DirectoryOwnership | undefined,
  ) {
    this.rings = allocateRings(options.queueCapacity);
  }

  async start(name: ThreadName, place: number | undefined): Promise<void> {
    const cpu = this.options.threads.numbering === "kernel" ? place : cpuAt(place);
    const worker = await startThread(name, this.settings(cpu));
    this.workers[name] = worker;
    // What a thread could not report itself, such as the end of its memory.
    worker.on("error", (error) => this.told(name, { fault: error.message }));
    const { placement } = await whenReady(worker, (message) => this.told(name, message));
    const missing = place !== undefined && cpu === undefined;
    const problem = missing
      ? `CPU ${place} of those that the process may use was asked; it has fewer`
      : placement.problem;
    this.placement.push({ thread: name, ...placement, ...(problem ? { problem } : {}) });
    if (problem) this.options.onNotice?.({ level: "warn", message: `${name} thread is not pinned: ${problem}` });
  }

  async finish(role: "active" | "standby"): Promise<Engine> {
    const { control, rings, latency, workers, placement, ownership } = this;
    const parts: EngineParts = { control, rings, latency, workers, placement, ownership };
    const engine = new RunningEngine(this.options, parts);
    this.running = engine;
    for (const [thread, message] of this.early.splice(0)) engine.told(thread, message);
    const { gauges } = control;
    if (role === "standby") engine.follow();
    else {
      // With a peer, nothing counts as durable before the peer has it: it may have been made active meanwhile.
      control.store(Counter.PeerRequired, this.options.replication?.peer ? 1 : 0);
      const { leadership } = new RoleMemory(new FileStorage(this.options.journal.directory));
      // A promotion that a crash has interrupted has noted an epoch that has not begun yet.
      await engine.activate(Math.max(1, gauges[Gauge.Epoch]!, leadership?.epoch ?? 0));
    }
    return engine;
  }

  async abandon(): Promise<void> {
    this.control.store(Counter.Stop, 1);
    await Promise.all(Object.values(this.workers).map((worker) => worker.terminate()));
  }

  private told(thread: ThreadName, message: ThreadMessage): void {
    if (this.running) this.running.told(thread, message);
    else if (message.notice || message.fault) this.early.push([thread, message]);
  }

  private settings(cpu: number | undefined): ThreadSettings {
    const { options } = this;
    return {
      control: this.control.buffer,
      rings: this.rings,
      latency: this.latency.buffer,
      capacity: options.capacity,
      journalDirectory: options.journal.directory,
      snapshotDirectory: options.snapshot.directory,
      groupCommitMicroseconds: options.journal.groupCommitMicroseconds,
      segmentBytes: options.journal.segmentMiB * BYTES_PER_MIB,
      snapshotIntervalMs: options.snapshot.intervalSeconds * 1_000,
      snapshotsKept: options.snapshot.keep,
      spin: options.threads.spin,
      ...(options.replication ? { replication: { ...options.replication, queueCapacity: options.queueCapacity } } : {}),
      ...(cpu === undefined ? {} : { cpu }),
    };
  }
}
