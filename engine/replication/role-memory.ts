import { roleUnreadable } from "../journal/recovery-error";
import { readWhole, replaceFile } from "../journal/replace-file";
import type { Storage } from "../journal/storage";

/** An engine that leads, or has led and not followed anybody since. */
export interface Leadership {
  /** The epoch that it leads in. It may not have begun yet, when a crash has interrupted a promotion. */
  readonly epoch: number;
  /** It acknowledges what no standby has: whatever of its journal another history lacks may have been acknowledged. */
  readonly alone: boolean;
  /** Newest command that a standby had when it was attached last. */
  readonly sharedUpTo: number;
  /** What its configuration told it to be when it began: a promoted one was told to stand by. */
  readonly told?: ConfiguredRole;
}

export type ConfiguredRole = "active" | "standby";

/** The leader that this engine follows, or has followed and not led since. */
export interface Following {
  readonly epoch: number;
}

/** Where the leader that this standby followed ended in good order. */
export interface LeaderEnd {
  readonly epoch: number;
  readonly sequence: number;
}

const LEADERSHIP = "leadership.json";
const FOLLOWING = "following.json";
const LEADER_END = "leader-end.json";
const FAREWELL = "farewell.json";
const HEARD_EPOCH = "heard-epoch.json";

/** What an engine must still know of its role after a restart. Small files beside the journal. */
export class RoleMemory {
  constructor(private readonly storage: Storage) {}

  get leadership(): Leadership | undefined {
    return this.read<Leadership>(LEADERSHIP, ({ epoch, sharedUpTo }) => isWhole(epoch) && isWhole(sharedUpTo));
  }

  get following(): Following | undefined {
    return this.read<Following>(FOLLOWING, ({ epoch }) => isWhole(epoch));
  }

  get leaderEnd(): LeaderEnd | undefined {
    return this.read<LeaderEnd>(LEADER_END, ({ epoch, sequence }) => isWhole(epoch) && isWhole(sequence));
  }

  /** Where this engine told its standby that it ends, and no standby has attached since. */
  get farewell(): LeaderEnd | undefined {
    return this.read<LeaderEnd>(FAREWELL, ({ epoch, sequence }) => isWhole(epoch) && isWhole(sequence));
  }

  /**
   * Newest epoch that somebody else has spoken of; 0 when none.
   * @throws RecoveryError when it was noted and cannot be read: it may be newer than the own one
   */
  get heardEpoch(): number {
    const heard = this.read<Following>(HEARD_EPOCH, ({ epoch }) => isWhole(epoch));
    if (!heard && this.storage.list().includes(HEARD_EPOCH)) {
      throw roleUnreadable(`${this.storage.location}/${HEARD_EPOCH}`);
    }
    return heard?.epoch ?? 0;
  }

  /** Newest epoch that has begun for all that this engine knows. `journalEpoch`: that of its own newest command. */
  knownEpoch(journalEpoch: number): number {
    return Math.max(journalEpoch, this.heardEpoch, this.following?.epoch ?? 0);
  }

  /**
   * The epoch that a promotion of this engine begins. Of two engines, each only ever begins every second number: an
   * engine that followed takes the one after its leader's, and one that led takes the second one after its own. So two
   * that are both promoted while they cannot reach each other never begin the same epoch.
   */
  nextEpoch(journalEpoch: number): number {
    const known = this.knownEpoch(journalEpoch);
    const own = this.leadership?.epoch ?? 0;
    return own >= known && own > 0 ? own + 2 : known + 1;
  }

  /** Must be durable before anything is acknowledged in this way. What is left out stays as it was noted. */
  lead(leadership: Leadership): void {
    const told = leadership.told ?? this.leadership?.told;
    this.write(LEADERSHIP, { ...leadership, ...(told && { told }) });
    this.forget(FOLLOWING);
    this.forget(LEADER_END);
  }

  /**
   * Follows a leader: the journal is a copy of that one's from now on. Durable before its first command comes: a word
   * of an earlier end would be older than what is taken now.
   */
  follow(epoch: number): void {
    this.forget(LEADER_END);
    this.write(FOLLOWING, { epoch });
    this.forget(LEADERSHIP);
    this.forget(FAREWELL);
  }

  leaderEnded(end: LeaderEnd): void {
    this.write(LEADER_END, end);
  }

  /** Durable before the standby is told: it may be promoted on that word from then on. */
  sayFarewell(end: LeaderEnd): void {
    this.write(FAREWELL, end);
  }

  /** A standby has attached, which has forgotten the word, or it is gone for good. */
  takeFarewellBack(): void {
    this.forget(FAREWELL);
  }

  /** Notes an epoch that somebody else has begun. Durable when it returns. */
  hear(epoch: number): void {
    if (epoch > this.heardEpoch) this.write(HEARD_EPOCH, { epoch });
  }

  /** What is there already is not written again: a restart on a full disk changes nothing. */
  private write(name: string, value: object): void {
    const bytes = Buffer.from(JSON.stringify(value));
    const there = this.bytesOf(name);
    if (there && Buffer.compare(there, bytes) === 0) return;
    replaceFile(this.storage, name, bytes);
  }

  private forget(name: string): void {
    if (!this.storage.list().includes(name)) return;
    this.storage.remove(name);
    this.storage.sync();
  }

  /** Undefined where nothing is known: no file, or one that cannot be read. */
  private read<T>(name: string, isWholeRecord: (value: T) => boolean): T | undefined {
    try {
      const bytes = this.bytesOf(name);
      const value = bytes && (JSON.parse(Buffer.from(bytes).toString()) as T);
      return value && isWholeRecord(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  private bytesOf(name: string): Uint8Array | undefined {
    try {
      return readWhole(this.storage, name);
    } catch {
      return undefined;
    }
  }
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
