import { setTimeout as pause } from "node:timers/promises";
import type { Execution, Holdings } from "../../trading/messages";
import type { PostgresqlServer } from "./postgresql-server";
import type { ServiceProcess } from "./service-process";

/** Rows trail the journal by a moment; longer than this they have stopped. */
const CATCH_UP_TIMEOUT_MS = 20_000;

export interface ServiceHoldingsOptions {
  readonly database: PostgresqlServer;
  readonly service: ServiceProcess;
  readonly region: string;
  /** Orders of the drill by the engine's number. */
  readonly names: ReadonlyMap<string, string>;
}

/** What the region holds, read out of the tables of its database, and of nothing that the engine remembers. */
export class ServiceHoldings {
  constructor(private readonly options: ServiceHoldingsOptions) {}

  /** Orders, executions and positions, when everything that the journal has now has become rows. */
  async read(): Promise<Holdings> {
    await this.caughtUp();
    const { database, service, region, names } = this.options;
    const orders = await database.query("SELECT client_order_id, count(*) FROM orders GROUP BY 1", "hft");
    const executions = await database.query(
      "SELECT execution_id, taker_side, taker_account, maker_account, quantity_lots FROM executions",
      "hft",
    );
    const positions = await database.query("SELECT account, sum(net_lots) FROM positions GROUP BY 1", "hft");
    return {
      region,
      epoch: (await service.health())?.epoch ?? 0,
      orders: Object.fromEntries(orders.map(([id = "", count]) => [names.get(id) ?? id, Number(count)])),
      executions: executions.map(executionOf),
      positions: Object.fromEntries(positions.map(([account = "", lots]) => [account, Number(lots)])),
    };
  }

  private async caughtUp(): Promise<void> {
    const { database, service } = this.options;
    const wanted = await service.metric("hft_journal_sequence");
    const deadline = Date.now() + CATCH_UP_TIMEOUT_MS;
    for (;;) {
      const lag = await service.metric('hft_projection_lag_seconds{dependency="database"}');
      if (wanted !== undefined && lag === 0 && database.running) return;
      if (Date.now() > deadline) {
        throw new Error(`rows do not reach the journal's end (command ${wanted}); they are ${lag} s behind`);
      }
      await pause(100);
    }
  }
}

function executionOf([id = "", takerSide, taker, maker, lots]: string[]): Execution {
  const [buyer, seller] = takerSide === "buy" ? [taker, maker] : [maker, taker];
  return { id, buyer: Number(buyer), seller: Number(seller), quantityLots: Number(lots) };
}
