import { stackId } from "../../../vocabulary";
import { reconcileStep } from "./move";
import { needsDatabaseInAws, type Scenario } from "./scenario";

/**
 * The database's primary host is gone. The engine trades on, since orders are durable in its journal; the standby host
 * in another zone takes over with the same storage, and what was missed is caught up from the journal.
 */
export const databasePrimaryLoss: Scenario = {
  id: "database-primary-loss",
  title: "Loss of the database's primary host",
  symptoms: [
    "/health answers 503 and names the database; orders are still accepted and become durable.",
    "RDS shows an event of category failover, or the instance does not answer at all.",
  ],
  fault: ({ active }) => ({ name: "database-lost", region: active }),
  refuses: (situation) =>
    needsDatabaseInAws(situation) ??
    (situation.environment.database.multiAz
      ? undefined
      : `${situation.environment.name} has no standby database (database.multiAz: false): run corrupted-data, which restores from backups`),
  rehearsedWith: "service",
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "database-equals-journal", region: active },
    { name: "backup-recent", region: active },
  ],
  recovery: ({ environment, active }) => [
    {
      id: "detect",
      title: "Check that the database is down and trading is not",
      phase: "detect",
      actions: [
        { kind: "await", condition: { name: "database-differs-from-journal", region: active } },
        { kind: "await", condition: { name: "engine-active", region: active } },
      ],
      budgetSeconds: 60,
      ifItFails: "If the engine is down too, run zone-loss. If rows are complete, the database works.",
      reaches: "detected",
    },
    {
      id: "fail-over",
      title: "Promote the standby database to primary",
      phase: "promote",
      actions: [
        { kind: "perform", order: { name: "force-database-failover", region: active } },
        { kind: "await", condition: { name: "database-leads", region: active } },
      ],
      budgetSeconds: 120,
      ifItFails:
        "RDS could not fail over. If it reports that no standby is available, run corrupted-data, which restores a copy next to the old database.",
      reaches: "promoted",
    },
    {
      id: "verify-by-trading",
      title: "Trade once, as a user would",
      phase: "verify",
      actions: [{ kind: "trade" }, { kind: "await", condition: { name: "database-equals-journal", region: active } }],
      budgetSeconds: 60,
      ifItFails: "Rows still differ from the journal: read the engine's log for the projection's last position.",
      reaches: "verified",
    },
    reconcileStep("reconcile", environment, active),
    {
      id: "expect-no-changes",
      title: "Plan the data stack: no changes may be left",
      phase: "close",
      actions: [{ kind: "expect-no-changes", stacks: [stackId(environment, "data", active)] }],
      budgetSeconds: 60,
      ifItFails: "Deploy the data stack after reading its plan, then resume.",
    },
  ],
  failback: () => [],
};
