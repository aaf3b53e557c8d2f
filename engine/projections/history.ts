import type { Row, SqlClient } from "../adapters/sql";
import type { Instrument, Instruments } from "../model/instruments";
import { Problem } from "../problems/problem";

/** Page of a list that goes backwards. */
export interface Page {
  readonly symbol?: string;
  readonly before?: number;
  readonly count: number;
}

export interface Figures {
  readonly realisedProfit: string;
  readonly trades: number;
  readonly winners: number;
  readonly losers: number;
  readonly winRate: number;
}

const DAYS_SHOWN = 30;

/** What lies in the database and no longer in memory: ended orders, own trades, profits by day. */
export class History {
  constructor(
    private readonly database: SqlClient | undefined,
    private readonly partition: number,
    private readonly instruments: Instruments,
  ) {}

  /** Whether there is a database to ask. */
  get kept(): boolean {
    return this.database !== undefined;
  }

  async endedOrders(account: number, page: Page) {
    const rows = await this.page(
      `SELECT order_id, client_order_id::text, symbol, side, type, time_in_force, limit_ticks, stop_ticks, display_lots,
              quantity_lots, filled_lots, filled_value::text, status, accepted_at, changed_at, changed_sequence
         FROM orders WHERE partition = $1 AND account = $2 AND order_id < $3 AND ($4::text IS NULL OR symbol = $4)
          AND status IN ('filled', 'cancelled', 'unknown') ORDER BY order_id DESC LIMIT $5`,
      account,
      page,
    );
    return rows.map((row) => {
      const { name, tick, lot } = this.instrument(row);
      const [quantity, filled] = [Number(row.quantity_lots), Number(row.filled_lots)];
      return {
        orderId: Number(row.order_id),
        clientOrderId: String(row.client_order_id),
        symbol: name,
        side: String(row.side),
        type: String(row.type),
        timeInForce: String(row.time_in_force),
        ...(row.limit_ticks === null ? {} : { price: tick.decimal(Number(row.limit_ticks)) }),
        ...(row.stop_ticks === null ? {} : { stopPrice: tick.decimal(Number(row.stop_ticks)) }),
        ...(row.display_lots === null ? {} : { displayQuantity: lot.decimal(Number(row.display_lots)) }),
        quantity: lot.decimal(quantity),
        filledQuantity: lot.decimal(filled),
        ...(row.status === "unknown" ? {} : { remainingQuantity: lot.decimal(0) }),
        ...(filled > 0 && row.filled_value !== null
          ? { averagePrice: tick.average(BigInt(row.filled_value as string), filled) }
          : {}),
        status: String(row.status),
        ...timeOf("acceptedAt", row.accepted_at),
        ...timeOf("changedAt", row.changed_at),
        ...(row.changed_sequence === null ? {} : { sequence: Number(row.changed_sequence) }),
      };
    });
  }

  async trades(account: number, page: Page) {
    const rows = await this.page(
      `SELECT execution_id, symbol, price_ticks, quantity_lots, taker_side, maker_order_id, taker_order_id,
              taker_account = $2 AS took, maker_account = $2 AS made, executed_at
         FROM executions WHERE partition = $1 AND (maker_account = $2 OR taker_account = $2) AND execution_id < $3
          AND ($4::text IS NULL OR symbol = $4) ORDER BY execution_id DESC LIMIT $5`,
      account,
      page,
    );
    return rows.flatMap((row) => {
      const sides = [row.took && "taker", row.made && "maker"].filter((role): role is string => Boolean(role));
      return sides.map((role) => this.ownTrade(row, role));
    });
  }

  async profits(account: number): Promise<Figures & { symbols: (Figures & { symbol: string })[] }> {
    const rows = await this.query(
      `SELECT symbol, sum(realised)::text AS realised, sum(trades)::text AS trades, sum(winners)::text AS winners,
              sum(losers)::text AS losers FROM daily_pnl WHERE partition = $1 AND account = $2 GROUP BY symbol
        ORDER BY symbol`,
      [this.partition, account],
    );
    return {
      ...this.figures(rows),
      symbols: rows.map((row) => ({ symbol: String(row.symbol), ...this.figures([row]) })),
    };
  }

  /** The newest 30 days that had trades, newest first. */
  async dailyProfits(account: number): Promise<(Figures & { day: string })[]> {
    const rows = await this.query(
      `SELECT day::text AS day, symbol, realised::text, trades::text, winners::text, losers::text FROM daily_pnl
        WHERE partition = $1 AND account = $2 AND day > current_date - ${DAYS_SHOWN} ORDER BY day DESC`,
      [this.partition, account],
    );
    const days = [...new Set(rows.map((row) => String(row.day)))];
    return days.map((day) => ({ day, ...this.figures(rows.filter((row) => String(row.day) === day)) }));
  }

  /** Newest backup of each kind, as the backup jobs have noted it. */
  async backups(): Promise<readonly (readonly [kind: string, finishedAtSeconds: number])[]> {
    const rows = await this.query(
      "SELECT kind, extract(epoch FROM max(finished_at))::text AS at FROM backups GROUP BY kind",
      [],
    );
    return rows.map((row) => [String(row.kind), Number(row.at)]);
  }

  private ownTrade(row: Row, role: string) {
    const { name, tick, lot } = this.instrument(row);
    const takerBuys = row.taker_side === "buy";
    return {
      tradeId: Number(row.execution_id),
      symbol: name,
      orderId: Number(role === "taker" ? row.taker_order_id : row.maker_order_id),
      side: (role === "taker") === takerBuys ? "buy" : "sell",
      role,
      price: tick.decimal(Number(row.price_ticks)),
      quantity: lot.decimal(Number(row.quantity_lots)),
      time: new Date(row.executed_at as string).toISOString(),
    };
  }

  /** Sums over symbols; their profits are all in the quote currency. */
  private figures(rows: readonly Row[]): Figures {
    const sum = (field: string) => rows.reduce((total, row) => total + Number(row[field]), 0);
    const [winners, losers] = [sum("winners"), sum("losers")];
    const profits = rows.map((row) => this.instrument(row).money.decimal(BigInt(row.realised as string)));
    return {
      realisedProfit: sumOfDecimals(profits),
      trades: sum("trades"),
      winners,
      losers,
      winRate: winners + losers === 0 ? 0 : winners / (winners + losers),
    };
  }

  private instrument(row: Row): Instrument {
    return this.instruments.named(String(row.symbol));
  }

  private page(text: string, account: number, { symbol, before, count }: Page): Promise<readonly Row[]> {
    if (symbol !== undefined) this.instruments.named(symbol);
    return this.query(text, [this.partition, account, before ?? Number.MAX_SAFE_INTEGER, symbol ?? null, count]);
  }

  private async query(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    if (!this.database) throw new Problem("STORE_UNAVAILABLE", "this engine has no database");
    try {
      return await this.database.query(text, values);
    } catch {
      throw new Problem("STORE_UNAVAILABLE", "the database does not answer");
    }
  }
}

/** What the table does not know is left out. */
const timeOf = <Name extends string>(name: Name, at: unknown) =>
  (at === null ? {} : { [name]: new Date(at as string).toISOString() }) as { readonly [Key in Name]?: string };

/** Exact sum of decimals with any number of places. */
function sumOfDecimals(decimals: readonly string[]): string {
  const places = Math.max(0, ...decimals.map((decimal) => decimal.split(".")[1]?.length ?? 0));
  const total = decimals.reduce((sum, decimal) => {
    const [whole = "0", fraction = ""] = decimal.replace("-", "").split(".");
    const value = BigInt(whole + fraction.padEnd(places, "0"));
    return sum + (decimal.startsWith("-") ? -value : value);
  }, 0n);
  const digits = String(total < 0n ? -total : total).padStart(places + 1, "0");
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return total < 0n ? `-${text}` : text;
}
