import type { SqlClient, Statement } from "../adapters/sql";
import { StateMemory } from "../book/state-memory";
import { type Migration, migrateUp } from "../migrations/migrate";
import type { Instruments } from "../model/instruments";
import { EVENT_WORDS, EventBatch, type EventRecord, RecordBuffer } from "../protocol";
import { POSITION_SHIFT, Position, Positions, setRealised } from "../risk/positions";
import type { Log } from "../telemetry/log";
import type { MetricCounter } from "../telemetry/registry";
import type { Recalled } from "../threads/engine";
import { commandRows } from "./command-rows";
import type { Projection } from "./projection";
import { positionIn, recordedEvent } from "./recorded-event";
import { isRefused, KEEP_REFUSED } from "./refused-record";
import { rebuildStatements } from "./sql-rebuild";
import { type BatchRows, RowBuilder } from "./sql-rows";

/** Rows travel as one JSON parameter: one statement a table, whatever their number. */
const INSERT_ORDERS = `INSERT INTO orders (partition, order_id, account, client_order_id, symbol, side, type, time_in_force,
    limit_ticks, stop_ticks, display_lots, quantity_lots, filled_lots, filled_value, status, accepted_at, changed_at,
    changed_sequence)
  SELECT $1, order_id, account, client_order_id, symbol, side, type, time_in_force, limit_ticks, stop_ticks,
    display_lots, quantity_lots, filled_lots, filled_value, status, accepted_at, changed_at, changed_sequence
  FROM json_populate_recordset(NULL::orders, $2::json)`;
const CHANGE_ORDERS = `UPDATE orders o SET filled_lots = o.filled_lots + c.filled, filled_value = o.filled_value + c.value,
    limit_ticks = coalesce(c.limit_ticks, o.limit_ticks), quantity_lots = coalesce(c.quantity_lots, o.quantity_lots),
    status = CASE WHEN c.status = 'ended' THEN CASE WHEN o.filled_lots + c.filled > 0 THEN 'filled' ELSE 'cancelled' END
                  ELSE coalesce(c.status, o.status) END,
    changed_at = c.changed_at, changed_sequence = c.changed_sequence
  FROM json_to_recordset($2::json) AS c(order_id bigint, filled bigint, value numeric, limit_ticks bigint,
    quantity_lots bigint, status text, changed_at timestamptz, changed_sequence bigint)
  WHERE o.partition = $1 AND o.order_id = c.order_id`;
const INSERT_EXECUTIONS = `INSERT INTO executions (partition, execution_id, sequence, symbol, price_ticks, quantity_lots,
    taker_side, maker_order_id, taker_order_id, maker_account, taker_account, executed_at)
  SELECT $1, execution_id, execution_id, symbol, price_ticks, quantity_lots, taker_side, maker_order_id, taker_order_id,
    maker_account, taker_account, executed_at
  FROM json_populate_recordset(NULL::executions, $2::json)`;
const SET_POSITIONS = `INSERT INTO positions (partition, account, symbol, net_lots, cost, realised, closes, winners)
  SELECT $1, account, symbol, net_lots, cost, realised, closes, winners
  FROM json_populate_recordset(NULL::positions, $2::json)
  ON CONFLICT (partition, account, symbol) DO UPDATE SET net_lots = excluded.net_lots, cost = excluded.cost,
    realised = excluded.realised, closes = excluded.closes, winners = excluded.winners`;
const ADD_PROFITS = `INSERT INTO daily_pnl AS p (partition, day, account, symbol, realised, trades, winners, losers)
  SELECT $1, day, account, symbol, realised, trades, winners, losers
  FROM json_populate_recordset(NULL::daily_pnl, $2::json)
  ON CONFLICT (partition, account, day, symbol) DO UPDATE SET realised = p.realised + excluded.realised,
    trades = p.trades + excluded.trades, winners = p.winners + excluded.winners, losers = p.losers + excluded.losers`;
const SET_SYMBOLS = `INSERT INTO symbols (partition, symbol, tick_size, lot_size)
  SELECT $1, symbol, tick_size, lot_size FROM json_populate_recordset(NULL::symbols, $2::json)
  ON CONFLICT (partition, symbol) DO UPDATE SET tick_size = excluded.tick_size, lot_size = excluded.lot_size`;
const INSERT_COMMANDS = `INSERT INTO audit_commands (partition, command_sequence, at, source, account, action, outcome,
    order_id, client_order_id, origin)
  SELECT $1, command_sequence, at, source, account, action, outcome, order_id, client_order_id, origin
  FROM json_populate_recordset(NULL::audit_commands, $2::json) ON CONFLICT DO NOTHING`;

/**
 * Orders, executions, positions and profits as tables. The position in the journal moves in the transaction of the
 * rows, so each event takes effect once, whatever is repeated after a failure.
 */
export class SqlProjection implements Projection {
  private positions: readonly Positions[] = [];
  /** Command of the newest event that was written; 0 after a failure, when rows that are there already are left. */
  private newestCommand = 0;
  /** Newest event in the tables. */
  anchor = 0;

  constructor(
    private readonly client: SqlClient,
    private readonly partition: number,
    private readonly instruments: Instruments,
    private readonly accounts: number,
    private readonly migrations: readonly Migration[],
    private readonly refused: { readonly log: Pick<Log, "error">; readonly counter: MetricCounter },
  ) {}

  recorded(): Promise<number> {
    return recordedEvent(this.client, this.partition);
  }

  async resume(): Promise<number> {
    await migrateUp(this.client, this.migrations);
    const symbols = this.instruments.all.map(({ name, tick, lot }) => ({
      symbol: name,
      tick_size: tick.size,
      lot_size: lot.size,
    }));
    await this.client.query(SET_SYMBOLS, [this.partition, JSON.stringify(symbols)]);
    this.anchor = await positionIn(this.client, this.partition);
    await this.loadPositions();
    this.newestCommand = 0;
    return this.anchor;
  }

  async write(batch: EventBatch): Promise<void> {
    // Copied: the log goes on while the database works.
    const events = copyOf(batch);
    await this.writeEvents(events, 0, batch.length);
  }

  /** Goes on from a state instead of from events that nobody has any more. */
  async rebuild(recalled: Recalled): Promise<number> {
    const { client, partition, instruments, accounts, anchor } = this;
    const positions = recalled.positions.map(({ symbol, lots, ...position }) => ({
      ...position,
      symbol: instruments.at(symbol).name,
      net_lots: lots,
    }));
    await client.transaction([
      ...rebuildStatements(recalled, partition, anchor, instruments, accounts),
      { text: SET_POSITIONS, values: [partition, JSON.stringify(positions, wholeAsText)] },
    ]);
    this.anchor = recalled.eventSequence;
    await this.loadPositions();
    return this.anchor;
  }

  /**
   * Halves of what the tables refuse are tried alone until the culprit is found: it is kept aside, the rest goes on.
   */
  private async writeEvents(events: EventBatch, first: number, count: number): Promise<void> {
    const batch = events.set(first, count);
    const rows = new RowBuilder(this.instruments, this.positions).build(batch);
    const commands = commandRows(batch, this.newestCommand);
    const advance = {
      text: "SELECT advance_projection($1, $2, $3)",
      values: [this.partition, this.anchor, rows.sequence],
    };
    const record = batch.at(count - 1).copy();
    try {
      await this.client.transaction([advance, ...this.statements(rows, commands)]);
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.loadPositions();
      if (count === 1) await this.keepRefused(record, advance, (error as Error).message);
      else {
        const half = count >> 1;
        await this.writeEvents(events, first, half);
        await this.writeEvents(events, first + half, count - half);
      }
    }
    this.anchor = rows.sequence;
    this.newestCommand = record.commandSequence;
  }

  private async keepRefused(event: EventRecord, advance: Statement, reason: string): Promise<void> {
    const { partition, refused } = this;
    const record = Buffer.from(JSON.stringify(event)).toString("base64");
    const values = [partition, "events", String(partition), event.sequence, reason, record];
    await this.client.transaction([advance, { text: KEEP_REFUSED, values }]);
    refused.counter.value += 1;
    refused.log.error(
      { sequence: event.sequence, reason, record },
      "the database rejected an event; it is in refused_records",
    );
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private statements(rows: BatchRows, commands: object[]) {
    const tables: [string, object[]][] = [
      [INSERT_ORDERS, rows.orders],
      [CHANGE_ORDERS, rows.changes],
      [INSERT_EXECUTIONS, rows.executions],
      [SET_POSITIONS, rows.positions],
      [ADD_PROFITS, rows.profits],
      [INSERT_COMMANDS, commands],
    ];
    return tables
      .filter(([, of]) => of.length > 0)
      .map(([text, of]) => ({ text, values: [this.partition, JSON.stringify(of, wholeAsText)] }));
  }

  private async loadPositions(): Promise<void> {
    const memory = new StateMemory();
    this.positions = this.instruments.all.map(({ name }) => new Positions(memory, name, this.accounts + 1));
    const rows = await this.client.query(
      `SELECT account, symbol, net_lots::text, cost::text, realised::text, closes::text, winners::text
         FROM positions WHERE partition = $1`,
      [this.partition],
    );
    for (const row of rows) {
      const { values } = this.positions[this.instruments.named(String(row.symbol)).index] as Positions;
      const at = Number(row.account) << POSITION_SHIFT;
      values[at + Position.Lots] = Number(row.net_lots);
      values[at + Position.Cost] = Number(row.cost);
      setRealised(values, at, BigInt(row.realised as string));
      values[at + Position.Closes] = Number(row.closes);
      values[at + Position.Winners] = Number(row.winners);
    }
  }
}

/** JSON has no whole numbers of any size; PostgreSQL reads a numeric from text. */
const wholeAsText = (_field: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

function copyOf(batch: EventBatch): EventBatch {
  const records = RecordBuffer.allocate(2 ** Math.ceil(Math.log2(Math.max(batch.length, 1))), EVENT_WORDS);
  for (let copied = 0; copied < batch.length; ) {
    const bytes = batch.bytes(copied);
    records.bytes.set(bytes, copied * EVENT_WORDS * 4);
    copied += bytes.length / (EVENT_WORDS * 4);
  }
  return new EventBatch(records);
}
