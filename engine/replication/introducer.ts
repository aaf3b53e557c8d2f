import { type Capacity, capacityFingerprint } from "../matching/capacity";
import { Counter, Gauge, type SharedControl } from "../shared-memory/shared-control";
import type { AcknowledgedUpTo } from "./acknowledged-up-to";
import { peerStateCode } from "./peer-state";
import type { RoleMemory } from "./role-memory";
import { OWN_VERSIONS } from "./versions";
import type { Introduction, LeaderProgress } from "./wire";

const ROLES = ["active", "standby", "fenced", "failed"] as const;

/** What this engine says of itself to its peer. */
export class Introducer {
  constructor(
    private readonly control: SharedControl,
    private readonly capacity: Capacity,
    private readonly memory: RoleMemory,
    private readonly acknowledged: AcknowledgedUpTo,
  ) {}

  introduction(reason?: string): Introduction {
    const { control, memory, capacity } = this;
    const epoch = control.gauges[Gauge.Epoch]!;
    return {
      role: ROLES[control.role],
      epoch,
      knownEpoch: memory.knownEpoch(epoch),
      sequence: control.localDurable,
      capacity: capacityFingerprint(capacity),
      ...OWN_VERSIONS,
      ...(reason ? { reason } : {}),
    };
  }

  position(): LeaderProgress {
    const { control } = this;
    const attached = control.load(Counter.PeerState) === peerStateCode("attached");
    const { role, epoch } = this.introduction();
    return { role, epoch, acknowledged: this.acknowledged.value, attached };
  }
}
