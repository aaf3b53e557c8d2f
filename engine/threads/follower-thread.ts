import { parentPort, workerData } from "node:worker_threads";
import { FileStorage } from "../journal/file-storage";
import { SharedControl } from "../shared-memory/shared-control";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { Follower, followUntilStopped, type Question } from "./follower";
import { pinThisThread } from "./pinning";
import { report, type ThreadMessage } from "./thread-report";

async function run(settings: ThreadSettings): Promise<void> {
  const port = parentPort!;
  const tell = (message: ThreadMessage): void => port.postMessage(message);
  const placement = pinThisThread(settings.cpu);
  const control = new SharedControl(settings.control);
  const journal = new FileStorage(settings.journalDirectory);
  const snapshots = new FileStorage(settings.snapshotDirectory);
  const follower = new Follower(control, settings, journal, snapshots, (notice) => tell({ notice }));
  port.on("message", ({ id, question }: { id: number; question: Question }) => {
    try {
      follower.follow();
      tell({ answer: { id, value: follower.answer(question) } });
    } catch (error) {
      tell({ answer: { id, error: (error as Error).message } });
    }
  });
  tell({ ready: { placement } });
  await followUntilStopped(follower, control);
  follower.close();
  port.close();
}

report(() => run(workerData as ThreadSettings));
