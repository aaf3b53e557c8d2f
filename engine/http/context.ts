import type { Access } from "../access/access";
import type { Identity, Scope } from "../access/identity";
import type { Audit } from "../audit/audit";
import type { EngineConfiguration } from "../configuration";
import type { EngineCore } from "../entry/engine-core";
import type { OrderEntry } from "../entry/order-entry";
import type { Tickets } from "../entry/tickets";
import type { CommandName } from "../model/command-name";
import type { Instruments } from "../model/instruments";
import type { Views } from "../model/views/views";
import type { History } from "../projections/history";
import type { DependencyName, DependencyState } from "../telemetry/dependency";
import type { Log } from "../telemetry/log";
import type { MetricRegistry } from "../telemetry/registry";

/** Everything that the routes are made of. */
export interface ApiContext {
  readonly configuration: EngineConfiguration;
  readonly instruments: Instruments;
  readonly core: EngineCore;
  readonly views: Views;
  readonly tickets: Tickets;
  readonly orders: OrderEntry;
  readonly history: History;
  readonly access: Access;
  readonly audit: Audit;
  readonly metrics: MetricRegistry;
  readonly log: Log;
  /** How long something has waited to become durable without any progress. */
  durableLagSeconds(): number;
  dependencies(): Readonly<Record<DependencyName, DependencyState>>;
  /** True from the moment that the port is open until the engine has recovered. */
  recovering(): boolean;
  /** True from the first SIGTERM on. */
  draining(): boolean;
  /** Signs a token for the local screen; undefined outside of development. */
  readonly developmentToken?: () => Promise<string>;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Scope that the token must have. Left out: open to everybody who reaches the port. */
    readonly scope?: Scope;
    /** Shows what the views hold: refused until what was recovered counts as durable. Left out: it does not. */
    readonly showsState?: boolean;
    /** Name of the action in the audit log. Left out: reading, which is not recorded. */
    readonly action?: string;
  }
  interface FastifyRequest {
    /** When its headers had come. */
    startedMs: number;
    identity: Identity | undefined;
    auditOrderId: number | undefined;
    auditDetail: Readonly<Record<string, unknown>> | undefined;
    auditReason: string | undefined;
    /** The command that the request became. */
    auditCommand: CommandName | undefined;
  }
}
