import type { Instruments } from "../model/instruments";
import type { OrderState } from "../model/views/order-records";
import type { PublicTrade } from "../model/views/trade-view";
import type { Views } from "../model/views/views";
import { orderJson, presentBook, presentLevels, presentTrade } from "../presentation/presentation";
import { EVENT_BYTES, type EventBatch, type EventView } from "../protocol";
import type { Connection } from "./connection";
import { SendBuffers } from "./send-buffers";

/** Book increments and trades are sent this often; what changes back in between is not sent at all. */
const FLUSH_EVERY_MS = 50;
/** Levels of a side that a new subscriber gets. */
const SNAPSHOT_DEPTH = 1_000;

/**
 * Decides who is sent what: books and trades to everybody who asked, an account's orders to its own connections, and
 * the events of binary commands back to the connection that sent them.
 */
export class Streams {
  private readonly bookReaders: readonly Set<Connection>[];
  private readonly tradeReaders: readonly Set<Connection>[];
  private readonly ownReaders = new Map<number, Set<Connection>>();
  private readonly trades: PublicTrade[][];
  /** Orders of accounts that listen, with the newest command that changed each. */
  private readonly changedOrders = new Map<number, number>();
  private readonly undurable = new Set<Connection>();
  private readonly buffers = new SendBuffers();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly instruments: Instruments,
    private readonly views: Views,
    private readonly connections: ReadonlyMap<number, Connection>,
  ) {
    this.bookReaders = instruments.all.map(() => new Set());
    this.tradeReaders = instruments.all.map(() => new Set());
    this.trades = instruments.all.map(() => []);
    this.timer = setInterval(() => this.flush(), FLUSH_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  subscribe(connection: Connection, channel: "book" | "trades", symbol: number): void {
    const instrument = this.instruments.at(symbol);
    if (channel === "trades") {
      this.tradeReaders[symbol]?.add(connection);
      const trades = (this.views.trades[symbol]?.latest(50) ?? []).reverse();
      connection.send({
        type: "trades",
        symbol: instrument.name,
        trades: trades.map((trade) => presentTrade(trade, instrument)),
      });
      return;
    }
    // Whatever was collected for others goes out first, so that the snapshot and the next increment fit together.
    this.flushBook(symbol);
    this.bookReaders[symbol]?.add(connection);
    const levels = this.views.books[symbol]!.levels(SNAPSHOT_DEPTH);
    connection.send({ type: "book", snapshot: true, ...presentBook(levels, this.views.sequence, instrument) });
  }

  unsubscribe(connection: Connection, channel: "book" | "trades", symbol: number): void {
    (channel === "book" ? this.bookReaders : this.tradeReaders)[symbol]?.delete(connection);
  }

  subscribeOrders(connection: Connection, account: number): void {
    const readers = this.ownReaders.get(account) ?? new Set();
    this.ownReaders.set(account, readers.add(connection));
    const open = [...this.views.orders.openOf(account)];
    connection.sendText(this.ordersText(true, open));
  }

  unsubscribeOrders(connection: Connection, account: number): void {
    const readers = this.ownReaders.get(account);
    readers?.delete(connection);
    if (readers?.size === 0) this.ownReaders.delete(account);
  }

  forget(connection: Connection): void {
    for (const readers of [...this.bookReaders, ...this.tradeReaders]) readers.delete(connection);
    if (connection.identity?.account !== undefined) this.unsubscribeOrders(connection, connection.identity.account);
    this.undurable.delete(connection);
  }

  traded(symbol: number, trade: PublicTrade): void {
    if (this.tradeReaders[symbol]!.size > 0) this.trades[symbol]!.push(trade);
  }

  /** Notes an order whose account listens. */
  orderChanged(event: EventView): void {
    if (this.ownReaders.size === 0) return;
    if (event.orderId > 0 && this.ownReaders.has(event.account)) {
      this.changedOrders.set(event.orderId, event.commandSequence);
    }
    if (event.makerOrderId > 0 && this.ownReaders.has(event.makerAccount)) {
      this.changedOrders.set(event.makerOrderId, event.commandSequence);
    }
  }

  /** Sends events `from` to `to` of a batch to the connection whose commands caused them. */
  answer(number: number, batch: EventBatch, from: number, to: number): void {
    const connection = this.connections.get(number);
    if (!connection?.open) return;
    connection.undurable = batch.at(to - 1).commandSequence;
    this.undurable.add(connection);
    let next = from;
    while (next < to) {
      const bytes = batch.bytes(next);
      const events = Math.min(to - next, bytes.length / EVENT_BYTES);
      // Copied: the ring is written again while the socket still sends.
      this.buffers.copy(bytes.subarray(0, events * EVENT_BYTES), EVENT_BYTES, (piece, done) =>
        connection.sendBytes(piece, done),
      );
      next += events;
    }
  }

  /** Tells what is durable by now: to binary clients the watermark, to accounts their changed orders. */
  durable(sequence: number): void {
    for (const connection of this.undurable) {
      if (connection.undurable > sequence) continue;
      connection.send({ type: "durable", commandSequence: connection.undurable });
      this.undurable.delete(connection);
    }
    for (const [orderId, changedBy] of this.changedOrders) {
      if (changedBy > sequence) break;
      this.changedOrders.delete(orderId);
      this.tellOwner(orderId);
    }
  }

  private tellOwner(orderId: number): void {
    const order = this.views.orders.get(orderId);
    if (!order) return;
    const text = this.ordersText(false, [order]);
    for (const connection of this.ownReaders.get(order.account) ?? []) connection.sendText(text);
  }

  private ordersText(snapshot: boolean, orders: readonly OrderState[]): string {
    const texts = orders.map((order) => orderJson(order, this.instruments.at(order.symbol)));
    return `{"type":"orders","snapshot":${snapshot},"orders":[${texts.join(",")}]}`;
  }

  private flush(): void {
    for (const { index } of this.instruments.all) {
      this.flushBook(index);
      this.flushTrades(index);
    }
  }

  private flushBook(symbol: number): void {
    const book = this.views.books[symbol]!;
    if (!book.changed) return;
    const { bids, asks } = book.takeChanges();
    const readers = this.bookReaders[symbol]!;
    if (readers.size === 0) return;
    const instrument = this.instruments.at(symbol);
    const text = JSON.stringify({
      type: "book",
      snapshot: false,
      symbol: instrument.name,
      sequence: this.views.sequence,
      bids: presentLevels(bids, instrument),
      asks: presentLevels(asks, instrument),
    });
    for (const connection of readers) connection.sendText(text);
  }

  private flushTrades(symbol: number): void {
    const trades = this.trades[symbol]!;
    if (trades.length === 0) return;
    this.trades[symbol] = [];
    const instrument = this.instruments.at(symbol);
    const text = JSON.stringify({
      type: "trades",
      symbol: instrument.name,
      trades: trades.map((trade) => presentTrade(trade, instrument)),
    });
    for (const connection of this.tradeReaders[symbol]!) connection.sendText(text);
  }
}
