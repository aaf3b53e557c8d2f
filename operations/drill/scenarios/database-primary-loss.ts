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
    "/health names the database with 503; orders are still accepted and durable.",
    "RDS shows an event of category failover, or the instance does not answer at all.",
  ],
  fault: ({ active }) => ({ name: "database-lost", region: active }),
  refuses: (situation) =>
    needsDatabaseInAws(situation) ??
    (situation.environment.database.multiAz
      ? undefined
      : `${situation.environment.name} has no standby host (database.multiAz: false): run corrupted-data, which restores from backups`),
  rehearsedWith: "service",
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "database-equals-journal", region: active },
    { name: "backup-recent", region: active },
  ],
  recovery: ({ environment, active }) => [
    {
      id: "detect",
      title: "See that the database is gone and trading is not",
      phase: "detect",
      actions: [
        { kind: "await", condition: { name: "database-differs-from-journal", region: active } },
        { kind: "await", condition: { name: "engine-active", region: active } },
      ],
      budgetSeconds: 60,
      ifItFails: "If the engine is gone too, run zone-loss. If rows are complete, the database is sound.",
      reaches: "detected",
    },
    {
      id: "fail-over",
      title: "Bring the standby host up as the primary",
      phase: "promote",
      actions: [
        { kind: "perform", order: { name: "force-database-failover", region: active } },
        { kind: "await", condition: { name: "database-leads", region: active } },
      ],
      budgetSeconds: 120,
      ifItFails:
        "RDS could not fail over. If it says that no standby is available, run corrupted-data, which restores beside the old one.",
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
      title: "Plan the data stack: nothing may be left to change",
      phase: "close",
      actions: [{ kind: "expect-no-changes", stacks: [stackId(environment, "data", active)] }],
      budgetSeconds: 60,
      ifItFails: "Deploy the data stack after reading its plan, then resume.",
    },
  ],
  failback: () => [],
};
