import type { Capacity } from "../matching/capacity";
import type { PeerSecurity } from "../tls/peer-security";
import type { RingBuffers } from "./ring-buffers";

/** What every thread is started with. */
export interface ThreadSettings {
  readonly control: SharedArrayBuffer;
  readonly rings: RingBuffers;
  /** Counts of the matching thread's latency. */
  readonly latency: SharedArrayBuffer;
  readonly capacity: Capacity;
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  readonly groupCommitMicroseconds: number;
  readonly segmentBytes: number;
  readonly snapshotIntervalMs: number;
  readonly snapshotsKept: number;
  readonly spin: boolean;
  readonly replication?: {
    readonly host?: string;
    readonly listenPort: number;
    readonly peer?: string;
    readonly timeoutMs: number;
    readonly secure?: PeerSecurity;
    readonly queueCapacity: number;
  };
  /** CPUs of this thread as the kernel counts them; undefined leaves the choice to the kernel. */
  readonly cpu?: number;
}
