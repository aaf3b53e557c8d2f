import type { ApiContext } from "../context";
import type { Identity } from "../identity";
import { Problem, TECHNICAL_REFUSALS } from "../problem";
import type { BinaryEntry } from "./binary-entry";
import type { Connection } from "./connection";
import type { Hub, HubListener } from "./hub";
import { type ClientMessage, readMessage } from "./messages";
import type { Streams } from "./streams";

/** What clients say on their connections, and what is done about it. */
export class Sessions implements HubListener {
  hub!: Hub;

  constructor(
    private readonly context: Pick<ApiContext, "access" | "audit" | "metrics" | "instruments" | "draining">,
    private readonly entry: BinaryEntry,
    private readonly streams: Streams,
  ) {}

  authenticated(connection: Connection): void {
    const { subject, account, scopes, expiresAtSeconds } = connection.identity as Identity;
    this.context.audit.record(connection.identity, "session.open", "done", `ws-${connection.number}`);
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
      this.context.audit.record(connection.identity, "session.close", "done", `ws-${connection.number}`, { detail });
    }
  }

  text(connection: Connection, text: string): void {
    const message = readMessage(text);
    if (!message) {
      connection.drop("malformed", "unknown message");
      return;
    }
    if (message.type === "authenticate") {
      this.authenticate(connection, message.token);
      return;
    }
    if (!connection.endUnlessValid()) return;
    if (!connection.identity?.scopes.has("read")) {
      connection.drop("unauthorized", "scope read is needed");
      return;
    }
    if (!this.context.access.rate.take(connection.identity.subject).allowed) {
      connection.send({ type: "problem", code: "RATE_LIMITED" });
      return;
    }
    this.listen(connection, connection.identity, message);
  }

  /** Orders in binary: one frame, any number of commands. */
  binary(connection: Connection, frame: Buffer): void {
    const { identity } = connection;
    if (identity?.account === undefined || !identity.scopes.has("trade")) {
      connection.drop("unauthorized", "scope trade and an account are needed");
      return;
    }
    if (!connection.endUnlessValid()) return;
    if (this.context.draining()) {
      connection.drop("drain");
      return;
    }
    const result = this.entry.take(frame, identity.account, connection.number);
    connection.commands += result.taken;
    if (result.refusedBecause === "MALFORMED") {
      connection.drop("malformed", "not a command that clients may give");
    } else if (result.refusedBecause) {
      const refused = this.context.metrics.counter("errors", TECHNICAL_REFUSALS[result.refusedBecause]);
      refused.value += result.commands - result.taken;
      connection.send({ type: "refused", code: result.refusedBecause, taken: result.taken, of: result.commands });
    }
  }

  private authenticate(connection: Connection, token: string): void {
    if (connection.identity) {
      connection.drop("malformed", "already authenticated");
      return;
    }
    this.context.access.identify(token, connection.address).then(
      (identity) => connection.open && this.hub.identify(connection, identity, token),
      (error) => connection.drop("unauthorized", error instanceof Problem ? error.message : "the token is not valid"),
    );
  }

  private listen(
    connection: Connection,
    identity: Identity,
    message: Exclude<ClientMessage, { type: "authenticate" }>,
  ): void {
    const { streams } = this;
    const on = message.type === "subscribe";
    if (message.channel === "orders") {
      if (identity.account === undefined) {
        connection.send({ type: "problem", code: "FORBIDDEN" });
        return;
      }
      if (on) streams.subscribeOrders(connection, identity.account);
      else streams.unsubscribeOrders(connection, identity.account);
      return;
    }
    const instrument = this.context.instruments.all.find(({ name }) => name === message.symbol);
    if (!instrument) {
      connection.send({ type: "problem", code: "SYMBOL_NOT_FOUND" });
      return;
    }
    if (on) streams.subscribe(connection, message.channel, instrument.index);
    else streams.unsubscribe(connection, message.channel, instrument.index);
  }
}
