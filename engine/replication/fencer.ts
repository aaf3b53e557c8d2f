import type { SharedControl } from "../threads/shared-control";
import { Gauge } from "../threads/shared-control";
import { ask } from "./ask";
import { FrameKind, send } from "./wire";

const AGAIN_MS = 1_000;

/**
 * After a promotion: tells the former leader that its epoch is over, until it has heard. It could acknowledge nothing
 * as durable anyway, because this engine no longer acknowledges to it; this also stops it from accepting.
 */
export async function fencePeer(
  control: SharedControl,
  peer: string,
  timeoutMs: number,
  onNotice: (notice: string) => void,
): Promise<void> {
  while (!control.stopping) {
    const epoch = control.gauges[Gauge.Epoch];
    const obeyed = await ask(
      peer,
      timeoutMs,
      (socket) => send(socket, FrameKind.Fence, epoch),
      ({ kind }) => kind === FrameKind.FenceObeyed,
    );
    if (obeyed) {
      onNotice(`replication: the former active engine knows of epoch ${epoch}`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
