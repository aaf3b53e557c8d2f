import type { Instruments } from "../model/instruments";
import { sideName, timeInForceName, typeName } from "../presentation/presentation";
import { type EventBatch, EventType, type EventView, OrderType, type Side } from "../protocol";
import { POSITION_SHIFT, Position, type Positions, realisedOf } from "../risk/positions";

/** Rows of one batch, one object a row, ready to travel as JSON. */
export interface BatchRows {
  readonly orders: object[];
  readonly changes: object[];
  readonly executions: object[];
  readonly positions: object[];
  readonly profits: object[];
  readonly sequence: number;
}

interface NewOrderRow {
  filled_lots: number;
  filled_value: number;
  limit_ticks: number | null;
  quantity_lots: number;
  status: string;
  changed_at: string;
  changed_sequence: number;
}

/** What one event does to one order. */
interface Effect {
  readonly filled?: number;
  readonly value?: number;
  readonly limit_ticks?: number;
  readonly quantity_lots?: number;
  readonly status?: string | null;
}

/** What events did to an order that came in an earlier batch. */
interface OrderChange {
  readonly order_id: number;
  filled: number;
  value: number;
  limit_ticks: number | null;
  quantity_lots: number | null;
  /** `ended`: by self-trade prevention; whether it counts as filled depends on what the row says. */
  status: string | null;
  changed_at: string;
  changed_sequence: number;
}

interface ProfitRow {
  readonly day: string;
  readonly account: number;
  readonly symbol: string;
  realised: bigint;
  trades: number;
  winners: number;
  losers: number;
}

/** Turns events into rows. Orders need no memory of earlier batches; positions are the core's own arithmetic. */
export class RowBuilder {
  private readonly orders = new Map<number, NewOrderRow & object>();
  private readonly changes = new Map<number, OrderChange>();
  private readonly executions: object[] = [];
  private readonly touched = new Map<string, { symbol: number; account: number }>();
  private readonly profits = new Map<string, ProfitRow>();

  constructor(
    private readonly instruments: Instruments,
    private readonly positions: readonly Positions[],
  ) {}

  build(batch: EventBatch): BatchRows {
    for (let index = 0; index < batch.length; index++) this.add(batch.at(index));
    return {
      orders: [...this.orders.values()],
      changes: [...this.changes.values()],
      executions: this.executions,
      positions: [...this.touched.values()].map((touched) => this.positionRow(touched)),
      profits: [...this.profits.values()],
      sequence: batch.at(batch.length - 1).sequence,
    };
  }

  private add(event: EventView): void {
    switch (event.type) {
      case EventType.Accepted:
        this.accept(event);
        return;
      case EventType.Executed:
        this.execute(event);
        return;
      case EventType.Decremented:
        this.change(event, event.orderId, { status: event.remaining === 0 ? "ended" : null });
        this.change(event, event.makerOrderId, { status: event.makerRemaining === 0 ? "ended" : null });
        return;
      case EventType.Cancelled:
        this.change(event, event.orderId, { status: "cancelled" });
        return;
      case EventType.Modified:
        this.change(event, event.orderId, { limit_ticks: event.price, quantity_lots: event.quantity });
        return;
      case EventType.Triggered:
        this.change(event, event.orderId, { status: "open" });
    }
  }

  private accept(event: EventView): void {
    const waits = event.orderType === OrderType.Stop || event.orderType === OrderType.StopLimit;
    const row = {
      order_id: event.orderId,
      account: event.account,
      client_order_id: String((BigInt(event.clientHigh >>> 0) << 32n) | BigInt(event.clientLow >>> 0)),
      symbol: this.instruments.at(event.symbol).name,
      side: sideName(event.side),
      type: typeName(event.orderType),
      time_in_force: timeInForceName(event.timeInForce),
      limit_ticks: event.price || null,
      stop_ticks: event.stopPrice || null,
      display_lots: event.display || null,
      quantity_lots: event.quantity,
      filled_lots: 0,
      filled_value: 0,
      status: waits ? "waiting" : "open",
      accepted_at: timestamp(event),
      changed_at: timestamp(event),
      changed_sequence: event.sequence,
    };
    this.orders.set(event.orderId, row);
  }

  private execute(event: EventView): void {
    const { name } = this.instruments.at(event.symbol);
    const value = event.quantity * event.price;
    this.change(event, event.orderId, { filled: event.quantity, value, status: filledOrNot(event.remaining) });
    this.change(event, event.makerOrderId, {
      filled: event.quantity,
      value,
      status: filledOrNot(event.makerRemaining),
    });
    this.executions.push({
      execution_id: event.sequence,
      symbol: name,
      price_ticks: event.price,
      quantity_lots: event.quantity,
      taker_side: sideName(event.side),
      maker_order_id: event.makerOrderId,
      taker_order_id: event.orderId,
      maker_account: event.makerAccount,
      taker_account: event.account,
      executed_at: timestamp(event),
    });
    this.move(event, event.account, event.side, name);
    this.move(event, event.makerAccount, (1 - event.side) as Side, name);
  }

  /** One side of a trade: its position and the day's profit. */
  private move(event: EventView, account: number, side: Side, symbol: string): void {
    const positions = this.positions[event.symbol] as Positions;
    const at = account << POSITION_SHIFT;
    const { values } = positions;
    const field = (position: Position) => values[at + position] as number;
    const [realised, closes, winners] = [realisedOf(values, at), field(Position.Closes), field(Position.Winners)];
    positions.execute(account, side, event.quantity, event.price);
    const gain = realisedOf(values, at) - realised;
    const day = timestamp(event).slice(0, 10);
    const key = `${day} ${account} ${symbol}`;
    const profit = this.profits.get(key) ?? { day, account, symbol, realised: 0n, trades: 0, winners: 0, losers: 0 };
    this.profits.set(key, profit);
    profit.realised += gain;
    profit.trades += 1;
    profit.winners += field(Position.Winners) - winners;
    if (field(Position.Closes) > closes && gain < 0n) profit.losers += 1;
    this.touched.set(`${account} ${symbol}`, { symbol: event.symbol, account });
  }

  private change(event: EventView, orderId: number, what: Effect): void {
    const row = this.orders.get(orderId);
    if (row) applyToNew(row, event, what);
    else this.applyToEarlier(event, orderId, what);
  }

  private applyToEarlier(event: EventView, orderId: number, what: Effect): void {
    const change: OrderChange = this.changes.get(orderId) ?? {
      order_id: orderId,
      filled: 0,
      value: 0,
      limit_ticks: null,
      quantity_lots: null,
      status: null,
      changed_at: "",
      changed_sequence: 0,
    };
    this.changes.set(orderId, change);
    change.filled += what.filled ?? 0;
    change.value += what.value ?? 0;
    change.limit_ticks = what.limit_ticks ?? change.limit_ticks;
    change.quantity_lots = what.quantity_lots ?? change.quantity_lots;
    change.status = what.status ?? change.status;
    change.changed_at = timestamp(event);
    change.changed_sequence = event.sequence;
  }

  private positionRow({ symbol, account }: { symbol: number; account: number }): object {
    const at = account << POSITION_SHIFT;
    const { values } = this.positions[symbol] as Positions;
    return {
      account,
      symbol: this.instruments.at(symbol).name,
      net_lots: values[at + Position.Lots],
      cost: values[at + Position.Cost],
      realised: realisedOf(values, at),
      closes: values[at + Position.Closes],
      winners: values[at + Position.Winners],
    };
  }
}

function applyToNew(row: NewOrderRow, event: EventView, what: Effect): void {
  row.filled_lots += what.filled ?? 0;
  row.filled_value += what.value ?? 0;
  row.limit_ticks = what.limit_ticks ?? row.limit_ticks;
  row.quantity_lots = what.quantity_lots ?? row.quantity_lots;
  if (what.status === "ended") row.status = row.filled_lots > 0 ? "filled" : "cancelled";
  else row.status = what.status ?? row.status;
  row.changed_at = timestamp(event);
  row.changed_sequence = event.sequence;
}

const filledOrNot = (remaining: number): string => (remaining === 0 ? "filled" : "partially_filled");

const timestamp = (event: EventView): string => new Date(event.timeMicroseconds / 1000).toISOString();
