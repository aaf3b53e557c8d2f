import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ThreadSettings } from "../shared-memory/thread-settings";
import { BUNDLE_OPTIONS } from "./bundle-options";
import type { ThreadMessage } from "./thread-report";

export type ThreadName = "matching" | "journal" | "follower" | "replication";

/** No young object survives for long in these threads, and the hot one makes none: give them room and few scans. */
const RESOURCES = { maxYoungGenerationSizeMb: 64 };

/**
 * Starts a thread. In the built engine its bundle lies beside the one that runs; in a source checkout it is bundled
 * on the spot.
 */
export async function startThread(name: ThreadName, settings: ThreadSettings): Promise<Worker> {
  const options = { workerData: settings, name, resourceLimits: RESOURCES };
  const built = join(__dirname, `${name}-thread.js`);
  if (existsSync(built)) return new Worker(built, options);
  return new Worker(await bundle(join(__dirname, `${name}-thread.ts`)), { ...options, eval: true });
}

const bundles = new Map<string, Promise<string>>();

function bundle(source: string): Promise<string> {
  let bundled = bundles.get(source);
  if (!bundled) {
    bundled = import("esbuild").then(async ({ build }) => {
      const { outputFiles } = await build({
        ...BUNDLE_OPTIONS,
        entryPoints: [source],
        write: false,
        logLevel: "silent",
      });
      return outputFiles[0]!.text;
    });
    bundles.set(source, bundled);
  }
  return bundled;
}

/** Why a thread could not begin, in its own words. */
export class ThreadFault extends Error {
  override readonly name = "ThreadFault";
}

/** Waits for a thread's word that it is ready; its notices and faults go where they belong from the start. */
export function whenReady(
  worker: Worker,
  onMessage: (message: ThreadMessage) => void,
): Promise<NonNullable<ThreadMessage["ready"]>> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: ThreadMessage) => {
      if (message.ready) resolve(message.ready);
      if (message.fault) reject(new ThreadFault(message.fault));
      onMessage(message);
    });
    worker.on("error", reject);
  });
}
