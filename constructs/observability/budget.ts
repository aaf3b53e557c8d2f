import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

export interface BudgetProps {
  readonly names: Names;
  /** Of the whole account, which holds one environment. */
  readonly monthlyUsd: number;
  readonly emails: readonly string[];
}

/** The month's budget: tells when 80 % and all of it is spent, and earlier, when the forecast says that it will be. */
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
