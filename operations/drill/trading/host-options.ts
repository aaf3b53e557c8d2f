/** How an engine process is started. Everything else comes from its journal. */
export interface HostOptions {
  readonly region: string;
  readonly directory: string;
  readonly role: "active" | "standby";
  /** Port for orders and questions. */
  readonly port: number;
  /** Port for the other region's engine. */
  readonly replicationPort: number;
  readonly peer: { readonly host: string; readonly port: number };
}
