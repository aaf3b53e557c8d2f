import { parentPort, workerData } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { JournalWriter } from "../journal/journal-writer";
import { endOfStorage } from "../replay/end-of-storage";
import { SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { CommitLoop } from "./commit-loop";
import { pinThisThread } from "./pinning";
import { report } from "./thread-report";

function run(settings: ThreadSettings): void {
  const port = parentPort!;
  const placement = pinThisThread(settings.cpu);
  const storage = new FileStorage(settings.journalDirectory);
  const snapshots = new SnapshotStore(new FileStorage(settings.snapshotDirectory));
  const onNotice = (notice: string): void => port.postMessage({ notice });
  const end = endOfStorage(storage, snapshots, settings.capacity, onNotice);
  const writer = new JournalWriter(storage, settings.capacity, settings.segmentBytes, end);
  const loop = new CommitLoop(new SharedControl(settings.control), settings.rings.journal, writer, {
    intervalMs: settings.groupCommitMicroseconds / 1_000,
    onNotice,
  });
  port.postMessage({ ready: { placement } });
  loop.run();
  writer.close();
  port.close();
}

report(() => run(workerData as ThreadSettings));
