import { parentPort, workerData } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { Core } from "../matching/core";
import { recover } from "../replay/recover";
import { LatencyBuckets } from "../shared-memory/latency-buckets";
import { Counter, SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { inlineHotPath } from "./compiler-flags";
import { HotLoop } from "./hot-loop";
import { pinThisThread } from "./pinning";
import { report } from "./thread-report";

/** Recovers the core, then matches until it is told to stop. Nothing else ever runs on this thread. */
function run(settings: ThreadSettings): void {
  const port = parentPort!;
  inlineHotPath();
  const placement = pinThisThread(settings.cpu);
  const control = new SharedControl(settings.control);
  const loop = new HotLoop(control, settings.rings, new LatencyBuckets(settings.latency), settings.spin);
  const core = new Core(settings.capacity, loop.eventRing);
  const recovery = recover(core, {
    journal: new FileStorage(settings.journalDirectory),
    snapshots: new SnapshotStore(new FileStorage(settings.snapshotDirectory)),
    onDamaged: (error) => port.postMessage({ notice: error.message }),
  });
  recovery.reader.close();
  loop.begin(core);
  port.postMessage({
    ready: { placement, replayed: recovery.replayed, snapshotSequence: recovery.snapshotSequence },
  });
  try {
    loop.run();
  } finally {
    // However it ended: the journal thread writes what it has got and ends too.
    control.store(Counter.MatchingEnded, 1);
    control.notify(Counter.JournalWritten);
  }
  port.close();
}

report(() => run(workerData as ThreadSettings));
