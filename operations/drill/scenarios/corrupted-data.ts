import { stackId } from "../../../vocabulary";
import { reconcileStep } from "./move";
import { needsDatabaseInAws, type Scenario } from "./scenario";

/**
 * Rows in the database are wrong: a bad migration, a mistaken statement, an attacker. Replicas follow the mistake, so a
 * copy from before it is restored; what the copy lacks comes from the journal, which no statement can reach.
 */
export const corruptedData: Scenario = {
  id: "corrupted-data",
  title: "Corrupted data: restore to a point in time",
  symptoms: [
    "Positions or balances in reports are wrong, or rows are missing, while the engine's own positions are correct.",
    "The audit log shows an unintended statement or migration.",
  ],
  fault: ({ active }) => ({ name: "data-corrupted", region: active }),
  refuses: needsDatabaseInAws,
  notRehearsed: "databases of the simulated cloud have no rows",
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "database-equals-journal", region: active },
    { name: "backup-recent", region: active },
  ],
  recovery: ({ environment, active }) => [
    {
      id: "detect",
      title: "Check that rows differ from the journal",
      phase: "detect",
      actions: [{ kind: "await", condition: { name: "database-differs-from-journal", region: active } }],
      budgetSeconds: 60,
      ifItFails: "Rows match the journal, so the mistake is in the report itself.",
      reaches: "detected",
    },
    {
      id: "decide",
      title: "Decide which point in time to restore",
      phase: "decide",
      actions: [
        {
          kind: "ask",
          question: `Restore the database of ${active} to the time just before the mistake? Trading continues; rows written since then are rebuilt from the journal. Set HFT_RESTORE_TIME to that time, in UTC, such as 2026-03-02T08:15:30Z.`,
        },
      ],
      budgetSeconds: 60,
      timeoutSeconds: 3_600,
      retries: 0,
      ifItFails: "Nothing was changed. Resume when the time is known.",
      reaches: "decided",
    },
    {
      id: "restore",
      title: "Restore a copy from before the mistake and let it catch up",
      phase: "promote",
      actions: [
        { kind: "perform", order: { name: "restore-database", region: active, to: "before-fault" } },
        { kind: "await", condition: { name: "database-leads", region: active } },
        { kind: "await", condition: { name: "database-equals-journal", region: active } },
      ],
      // RDS restores into a new instance; 500 GiB take it tens of minutes. Trading does not wait for it.
      budgetSeconds: 3_600,
      ifItFails:
        "The restored copy is not complete. The old database is unchanged; nothing was deleted. Choose an earlier time and resume.",
      reaches: "promoted",
    },
    {
      id: "verify-by-trading",
      title: "Trade once, as a user would",
      phase: "verify",
      actions: [{ kind: "trade" }, { kind: "await", condition: { name: "database-equals-journal", region: active } }],
      budgetSeconds: 30,
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
