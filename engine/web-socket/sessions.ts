import type { Access } from "../access/access";
import type { Identity } from "../access/identity";
import type { Audit } from "../audit/audit";
import type { EngineCore } from "../entry/engine-core";
import type { Instruments } from "../model/instruments";
import { PROBLEMS, Problem, type ProblemCode, TECHNICAL_REFUSALS } from "../problems/problem";
import type { MetricRegistry } from "../telemetry/registry";
import type { BinaryEntry } from "./binary-entry";
import type { Connection } from "./connection";
import type { Hub, HubListener } from "./hub";
import { type ClientMessage, readMessage } from "./messages";
import type { Streams } from "./streams";

/** What sessions are made of. */
export interface SessionParts {
  readonly access: Access;
  readonly audit: Pick<Audit, "record">;
  readonly core: Pick<EngineCore, "restoredIsDurable">;
  readonly instruments: Instruments;
  readonly metrics: MetricRegistry;
  /** True from the first SIGTERM on. */
  draining(): boolean;
}

/** What clients say on their connections, and what is done about it. */
export class Sessions implements HubListener {
  hub!: Hub;

  constructor(
    private readonly parts: SessionParts,
    private readonly entry: BinaryEntry,
    private readonly streams: Streams,
  ) {}

  authenticated(connection: Connection, renewed: boolean): void {
    const { subject, account, scopes, expiresAtSeconds } = connection.identity as Identity;
    const action = renewed ? "session.renew" : "session.open";
    this.parts.audit.record(connection.identity, action, "done", `ws-${connection.number}`);
    connection.send({
      type: "authenticated",
      subject,
      account: account ?? null,
      scopes: [...scopes],
      expiresAt: new Date(expiresAtSeconds * 1000).toISOString(),
    });
  }

  left(connection: Connection): void {
    this.streams.forget(connection);
    if (connection.identity) {
      const detail = `{"commands":${connection.commands}}`;
      this.parts.audit.record(connection.identity, "session.close", "done", `ws-${connection.number}`, { detail });
    }
  }

  text(connection: Connection, text: string): void {
    const message = readMessage(text);
    if (!message) {
      connection.drop("malformed", "unknown message");
      return;
    }
    if (!connection.endUnlessValid()) return;
    if (message.type === "authenticate") {
      this.authenticate(connection, message.token);
      return;
    }
    if (!connection.identity?.scopes.has("read")) {
      connection.drop("unauthorized", "scope read is required");
      return;
    }
    if (!this.parts.access.rate.take(connection.identity.subject).allowed) {
      connection.send({ type: "problem", code: "RATE_LIMITED" });
      return;
    }
    this.listen(connection, connection.identity, message);
  }

  /** Orders in binary: one frame, any number of commands. */
  binary(connection: Connection, frame: Buffer): void {
    const { identity } = connection;
    if (identity?.account === undefined || !identity.scopes.has("trade")) {
      connection.drop("unauthorized", "scope trade and an account are required");
      return;
    }
    if (!connection.endUnlessValid()) return;
    if (this.parts.draining()) {
      connection.drop("drain");
      return;
    }
    const result = this.entry.take(frame, identity.account, connection.number);
    connection.commands += result.taken;
    if (result.refusedBecause === "MALFORMED") {
      connection.drop("malformed", "not a command that clients may use");
    } else if (result.refusedBecause) {
      const refused = this.parts.metrics.counter("errors", TECHNICAL_REFUSALS[result.refusedBecause]);
      refused.value += result.commands - result.taken;
      connection.send({ type: "refused", code: result.refusedBecause, taken: result.taken, of: result.commands });
    }
  }

  /**
   * The first token says who it is. A later one of the same subject and account takes its place, with its scopes; one
   * that is no good changes nothing: the connection goes on until the token that it has ends.
   */
  private authenticate(connection: Connection, token: string): void {
    const { access } = this.parts;
    const { identity: before } = connection;
    if (before && !access.rate.take(before.subject).allowed) {
      this.refuseRenewal(connection, "RATE_LIMITED");
      return;
    }
    access.identify(token, connection.address).then(
      (identity) => this.identified(connection, identity, token),
      (error) => {
        const problem = error instanceof Problem ? error : undefined;
        if (connection.identity) this.refuseRenewal(connection, problem?.code ?? "INTERNAL", problem?.message);
        else connection.drop("unauthorized", problem?.message ?? "the token is not valid");
      },
    );
  }

  private identified(connection: Connection, identity: Identity, token: string): void {
    if (!connection.open || !connection.endUnlessValid()) return;
    // Looked at now: another token may have been verified meanwhile.
    const { identity: before } = connection;
    if (before && (before.subject !== identity.subject || before.account !== identity.account)) {
      this.refuseRenewal(
        connection,
        "FORBIDDEN",
        "the token has a different subject or account; open another connection for it",
      );
      return;
    }
    this.hub.identify(connection, identity, token);
    if (!identity.scopes.has("read")) this.streams.forget(connection);
  }

  private refuseRenewal(connection: Connection, code: ProblemCode, detail: string = PROBLEMS[code].title): void {
    this.parts.audit.record(connection.identity, "session.renew", code, `ws-${connection.number}`);
    connection.send({ type: "problem", code, detail });
  }

  private listen(
    connection: Connection,
    identity: Identity,
    message: Exclude<ClientMessage, { type: "authenticate" }>,
  ): void {
    const { streams } = this;
    const on = message.type === "subscribe";
    if (on && !this.parts.core.restoredIsDurable) {
      connection.send({ type: "problem", code: "UNCONFIRMED" });
      return;
    }
    if (message.channel === "orders") {
      if (identity.account === undefined) {
        connection.send({ type: "problem", code: "FORBIDDEN" });
        return;
      }
      if (on) streams.subscribeOrders(connection, identity.account);
      else streams.unsubscribeOrders(connection, identity.account);
      return;
    }
    const instrument = this.parts.instruments.all.find(({ name }) => name === message.symbol);
    if (!instrument) {
      connection.send({ type: "problem", code: "SYMBOL_NOT_FOUND" });
      return;
    }
    if (on) streams.subscribe(connection, message.channel, instrument.index);
    else streams.unsubscribe(connection, message.channel, instrument.index);
  }
}
