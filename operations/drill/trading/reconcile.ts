import type { Reconciliation } from "../execution/drill-target";
import { elapsedMs } from "../run/clock";
import type { Acknowledgement, Ledger, LedgerEntry } from "./ledger";
import { type Holdings, orderKey } from "./messages";

export interface ReconcileInput {
  readonly ledger: Pick<Ledger, "entries" | "acknowledgements">;
  readonly holdings: Holdings;
  readonly replicationMode: string;
  /**
   * Holdings of other stores in the survivor's region, by the store's name: keys of the orders that can be read there.
   */
  readonly stores?: Readonly<Record<string, ReadonlySet<string>>>;
}

/** Compares what clients were told with what the survivor holds. */
export function reconcile({ ledger, holdings, replicationMode, stores = {} }: ReconcileInput): Reconciliation {
  const entries = ledger.entries();
  const durable = entries.filter((entry) => entry.durableAt !== undefined);
  const held = new Set(Object.keys(holdings.orders));
  const differences = positionDifferences(holdings);
  return {
    survivor: holdings.region,
    replicationMode,
    sent: entries.length,
    acknowledgedDurable: durable.length,
    lost: keysOf(durable.filter(({ order }) => !held.has(orderKey(order)))),
    doubled: Object.keys(holdings.orders).filter((key) => holdings.orders[key]! > 1),
    overlaps: overlaps(ledger.acknowledgements()),
    rpoMs: recoveryPointMs(durable, held),
    rpoByStore: Object.fromEntries(
      Object.entries({ journal: held, ...stores }).map(([store, keys]) => [store, recoveryPointMs(durable, keys)]),
    ),
    positionsMatch: differences.length === 0,
    positionDifferences: differences,
  };
}

function keysOf(entries: readonly LedgerEntry[]): string[] {
  return entries.map(({ order }) => orderKey(order));
}

/**
 * How much acknowledged work is gone: from the last acknowledgement before it that is kept, to the last that is lost.
 */
function recoveryPointMs(durable: readonly LedgerEntry[], held: ReadonlySet<string>): number {
  const byTime = durable.toSorted((a, b) => elapsedMs(b.durableAt!, a.durableAt!));
  const isLost = ({ order }: LedgerEntry) => !held.has(orderKey(order));
  const first = byTime.findIndex(isLost);
  if (first < 0) return 0;
  const from = byTime[Math.max(0, first - 1)]!.durableAt!;
  return Math.ceil(elapsedMs(from, byTime.findLast(isLost)!.durableAt!));
}

/** Acknowledgements of an epoch after a newer one had begun to acknowledge. */
function overlaps(acknowledgements: readonly Acknowledgement[]): string[] {
  let newest: Acknowledgement | undefined;
  const found: string[] = [];
  for (const each of acknowledgements) {
    if (newest && each.epoch < newest.epoch) {
      found.push(
        `${each.region} (epoch ${each.epoch}) acknowledged ${each.key} at ${each.at.utc}, after ${newest.region} (epoch ${newest.epoch})`,
      );
    } else if (newest && each.epoch === newest.epoch && each.region !== newest.region) {
      found.push(`${each.region} and ${newest.region} both acknowledged in epoch ${each.epoch}`);
    }
    if (!newest || each.epoch > newest.epoch) newest = each;
  }
  return found;
}

/** Positions added up from executions, against the engine's own. */
function positionDifferences({ executions, positions }: Holdings): string[] {
  const expected = new Map<string, number>();
  const add = (account: number, lots: number) =>
    expected.set(String(account), (expected.get(String(account)) ?? 0) + lots);
  const seen = new Set<string>();
  const repeated: string[] = [];
  for (const { id, buyer, seller, quantityLots } of executions) {
    if (seen.has(id)) repeated.push(`execution ${id} is duplicated`);
    seen.add(id);
    add(buyer, quantityLots);
    add(seller, -quantityLots);
  }
  const accounts = new Set([...expected.keys(), ...Object.keys(positions)]);
  const different = [...accounts].filter((account) => (expected.get(account) ?? 0) !== (positions[account] ?? 0));
  return [
    ...repeated,
    ...different.map(
      (account) => `account ${account}: ${positions[account] ?? 0} lots, executions give ${expected.get(account) ?? 0}`,
    ),
  ];
}
