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
    "Positions or balances in reports are wrong, or rows are missing; the engine's own positions are right.",
    "The audit log shows a statement or a migration that nobody wanted.",
  ],
  fault: ({ active }) => ({ name: "data-corrupted", region: active }),
  refuses: needsDatabaseInAws,
  notRehearsed: "the simulated cloud keeps databases without rows",
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "database-equals-journal", region: active },
    { name: "backup-recent", region: active },
  ],
  recovery: ({ environment, active }) => [
    {
      id: "detect",
      title: "See that rows differ from the journal",
      phase: "detect",
      actions: [{ kind: "await", condition: { name: "database-differs-from-journal", region: active } }],
      budgetSeconds: 60,
      ifItFails: "Rows equal the journal: the mistake is in the report that was read.",
      reaches: "detected",
    },
    {
      id: "decide",
      title: "Decide what moment to return to",
      phase: "decide",
      actions: [
        {
          kind: "ask",
          question: `Restore the database of ${active} to the moment before the mistake? Trading goes on; rows written since come back from the journal. Write the moment into HFT_RESTORE_TIME, in UTC, as in 2026-03-02T08:15:30Z.`,
        },
      ],
      budgetSeconds: 60,
      timeoutSeconds: 3_600,
      retries: 0,
      ifItFails: "Nothing was changed. Resume when the moment is known.",
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
        "The restored copy is not complete. It stands beside the old one; nothing was deleted. Choose an earlier moment and resume.",
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
      title: "Plan the data stack: nothing may be left to change",
      phase: "close",
      actions: [{ kind: "expect-no-changes", stacks: [stackId(environment, "data", active)] }],
      budgetSeconds: 60,
      ifItFails: "Deploy the data stack after reading its plan, then resume.",
    },
  ],
  failback: () => [],
};
