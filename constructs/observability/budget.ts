import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

export interface BudgetProps {
  readonly names: Names;
  /** Of the whole account, which holds one environment. */
  readonly monthlyUsd: number;
  readonly emails: readonly string[];
}

/** The monthly budget: notifies at 80 % and 100 % of it, and earlier if the forecast exceeds it. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const tell = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
      subscriberEmailAddresses: [...props.emails],
    });
    new BudgetsBudget(this, "budget", {
      name: props.names.of("monthly"),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(props.monthlyUsd),
      limitUnit: "USD",
      notification: [tell("ACTUAL", 80), tell("ACTUAL", 100), tell("FORECASTED", 100)],
    });
  }
}
