import { readWhole, replaceFile } from "../journal/replace-file";
import type { Storage } from "../journal/storage";

/** An engine that leads, or has led and not followed anybody since. */
export interface Leadership {
  /** It acknowledges what no standby has: whatever of its journal another history lacks may have been acknowledged. */
  readonly alone: boolean;
  /** Newest command that a standby had when it was attached last. */
  readonly sharedUpTo: number;
}

/** Where the leader that this standby followed ended in good order. */
export interface LeaderEnd {
  readonly epoch: number;
  readonly sequence: number;
}

const LEADERSHIP = "leadership.json";
const LEADER_END = "leader-end.json";

/** What an engine must still know of its role after a restart. Small files beside the journal. */
export class RoleMemory {
  constructor(private readonly storage: Storage) {}

  get leadership(): Leadership | undefined {
    return this.read<Leadership>(LEADERSHIP);
  }

  get leaderEnd(): LeaderEnd | undefined {
    return this.read<LeaderEnd>(LEADER_END);
  }

  /** Must be durable before anything is acknowledged in this way. */
  lead(leadership: Leadership): void {
    this.write(LEADERSHIP, leadership);
    this.forget(LEADER_END);
  }

  /** Follows a leader: the journal is now a copy of that one's. */
  follow(): void {
    this.forget(LEADERSHIP);
    this.forget(LEADER_END);
  }

  leaderEnded(end: LeaderEnd): void {
    this.write(LEADER_END, end);
  }

  private write(name: string, value: object): void {
    replaceFile(this.storage, name, Buffer.from(JSON.stringify(value)));
  }

  private forget(name: string): void {
    if (!this.storage.list().includes(name)) return;
    this.storage.remove(name);
    this.storage.sync();
  }

  /** A file that cannot be read says nothing, as none does. */
  private read<T>(name: string): T | undefined {
    const bytes = readWhole(this.storage, name);
    if (!bytes) return undefined;
    try {
      return JSON.parse(Buffer.from(bytes).toString()) as T;
    } catch {
      return undefined;
    }
  }
}
