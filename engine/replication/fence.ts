import { Counter, Gauge, RoleCode, type SharedControl } from "../shared-memory/shared-control";
import type { RoleMemory } from "./role-memory";

/** What this engine does when it hears of an epoch that somebody else has begun. */
export class Fence {
  constructor(
    private readonly control: SharedControl,
    private readonly memory: RoleMemory,
    private readonly onNotice: (notice: string) => void,
  ) {}

  /**
   * Notes the epoch durably, then stops leading: an engine that only forgot to lead would lead again after a restart.
   * False when it could not be noted; whoever told it must tell it again. It stops leading all the same.
   */
  hear(epoch: number): boolean {
    const { control, memory } = this;
    let noted = true;
    if (epoch > control.gauges[Gauge.Epoch]!) {
      noted = this.note(epoch);
      if (control.role === RoleCode.Active) this.stopLeading(epoch);
    }
    return noted && epoch <= memory.knownEpoch(control.gauges[Gauge.Epoch]!);
  }

  private note(epoch: number): boolean {
    try {
      this.memory.hear(epoch);
      return true;
    } catch (error) {
      const why = (error as Error).message;
      this.onNotice(`replication: epoch ${epoch} has started elsewhere; that cannot be recorded for a restart: ${why}`);
      return false;
    }
  }

  private stopLeading(epoch: number): void {
    this.control.store(Counter.Role, RoleCode.Fenced);
    this.control.ring(Counter.GatewayBell);
    this.onNotice(`replication: epoch ${epoch} has started elsewhere; this engine is fenced, restart it as a standby`);
  }
}
