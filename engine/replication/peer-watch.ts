import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import { ask } from "./ask";
import type { Fence } from "./fence";
import type { PeerAddress } from "./peer-connection";
import { peerStateCode } from "./peer-state";
import { FrameKind, type Introduction, readIntroduction, send } from "./wire";

const AGAIN_MS = 1_000;

/**
 * While an active engine has no standby: tells its peer which epoch it leads, and hears which one that knows. An engine
 * of an older epoch stops leading, whichever of the two it is. Two that were started as active while they could not
 * reach each other only listen, so one of them has to ask; and a former leader may come back at any time.
 */
export class PeerWatch {
  private toldAlike = false;

  constructor(
    private readonly control: SharedControl,
    private readonly fence: Fence,
    private readonly peer: PeerAddress,
    private readonly onNotice: (notice: string) => void,
    /** The peer leads in the same epoch: whatever either acknowledges alone, the other one lacks. */
    private readonly stopAlone: () => void,
  ) {}

  async run(): Promise<void> {
    let told = 0;
    while (this.leads) {
      const epoch = this.control.gauges[Gauge.Epoch]!;
      const attached = this.control.load(Counter.PeerState) === peerStateCode("attached");
      const answer = attached ? undefined : await this.tell();
      if (answer && answer.role !== "active" && told !== epoch) {
        told = epoch;
        this.onNotice(`replication: the peer is ${answer.role} and knows of epoch ${epoch}`);
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  /** Tells the peer once; undefined when it does not answer. */
  async tell(): Promise<Introduction | undefined> {
    const epoch = this.control.gauges[Gauge.Epoch]!;
    const frame = await ask(
      this.peer,
      (socket) => send(socket, FrameKind.Fence, epoch),
      ({ kind }) => kind === FrameKind.FenceObeyed,
    );
    if (!frame) return undefined;
    const answer = readIntroduction(frame);
    if (this.leads) this.fence.hear(Math.max(answer.epoch, answer.knownEpoch ?? 0));
    if (answer.role === "active" && answer.epoch === epoch) this.alike(epoch);
    return answer;
  }

  private alike(epoch: number): void {
    this.stopAlone();
    if (this.toldAlike) return;
    this.toldAlike = true;
    this.onNotice(alikeText(epoch));
  }

  private get leads(): boolean {
    return this.control.role === RoleCode.Active && !this.control.stopping;
  }
}

const alikeText = (epoch: number): string =>
  `replication: the peer is active in epoch ${epoch} too: both were started as active engines of a new pair. Neither ` +
  "acknowledges anything more without the other one. Stop one and start it as the standby with empty directories; keep its " +
  "old ones if it was told to continue alone (continue-alone): orders that it acknowledged then exist nowhere else";
