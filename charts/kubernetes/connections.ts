import type { Protection } from "./protection";

/** Pods of one workload, found by labels, in one namespace. */
export interface PodPeer {
  readonly kind: "pods";
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether this platform writes its policies. Operators' pods bring their own. */
  readonly owned: boolean;
}

/** Addresses outside of the cluster. */
export interface NetworkPeer {
  readonly kind: "network";
  readonly name: string;
  readonly cidrs: readonly string[];
  /** Ranges inside of `cidrs` that it does not mean. */
  readonly except?: readonly string[];
}

export type Peer = PodPeer | NetworkPeer;

export interface Port {
  readonly protocol: "TCP" | "UDP";
  readonly number: number;
}

export const tcp = (number: number): Port => ({ protocol: "TCP", number });
export const udp = (number: number): Port => ({ protocol: "UDP", number });

/** Somebody may open a connection to somebody, for a purpose that a reviewer can judge. */
export interface Connection {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: Port;
  readonly purpose: string;
  readonly protection: Protection;
}

/**
 * Every connection that the platform allows, declared once. Both network policies (the caller's egress, the called
 * one's ingress), the diagram in the documentation and the table of what is TLS come from it, so they cannot disagree.
 */
export class Connections {
  private readonly declared: Connection[] = [];
  private readonly workloads: PodPeer[] = [];

  /** A workload of this platform: it gets a policy even when nothing is declared for it, and then reaches nothing. */
  addWorkload(peer: PodPeer): void {
    this.workloads.push(peer);
  }

  allow(connection: Connection): void {
    this.declared.push(connection);
  }

  get all(): readonly Connection[] {
    return [...this.declared];
  }

  get ownWorkloads(): readonly PodPeer[] {
    return [...this.workloads];
  }
}
