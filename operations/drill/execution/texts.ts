import type { Action, Condition, Fault, Imperative } from "../scenarios/action";

/** What a condition says, for people. */
export function conditionText(condition: Condition): string {
  switch (condition.name) {
    case "service-answers":
      return "the public address answers users";
    case "service-silent":
      return "the public address does not answer users";
    case "region-answers":
      return `the APIs of ${condition.region} answer`;
    case "region-silent":
      return `the APIs of ${condition.region} do not answer`;
    case "engine-active":
      return `the engine of ${condition.region} is active and makes orders durable`;
    case "engine-acknowledges-nothing":
      return `no engine of ${condition.region} acknowledges an order`;
    case "journal-follows":
      return `the engine of ${condition.to} has everything that ${condition.from} acknowledged: it is attached, or, once ${condition.from} is fenced, both journals end with the same command`;
    case "database-follows":
      return `the database replica of ${condition.region} is within the recovery point objective`;
    case "database-leads":
      return `the database of ${condition.region} is a primary`;
    case "database-equals-journal":
      return `rows in the database of ${condition.region} equal the journal`;
    case "database-differs-from-journal":
      return `rows in the database of ${condition.region} differ from the journal`;
    case "edge-points-to":
      return `the edge sends users to ${condition.region}`;
    case "state-readable":
      return `the states of ${condition.region} can be read`;
    case "state-missing":
      return `the states of ${condition.region} are missing`;
    case "clients-admitted":
      return "clients with a token signed by the current key are admitted";
    case "clients-refused":
      return "clients are rejected with 401";
    case "backup-recent":
      return `the database of ${condition.region} can be restored to a point within the last ten minutes`;
  }
}

function orderText(order: Imperative): string {
  switch (order.name) {
    case "fence-writers":
      return `fence the writers of ${order.region}, so that ${order.survivor} is the only one`;
    case "promote-engine":
      return `promote the engine of ${order.region} (${order.decision}): it starts a new epoch, which fences the other engine`;
    case "set-database-aside":
      return `take the old primary database of ${order.region} out of Terraform's state and keep it`;
    case "force-database-failover":
      return `make the standby host of the database of ${order.region} its primary`;
    case "back-up":
      return `back up ${order.region}`;
    case "restore-database":
      return `restore the database of ${order.region} to ${order.to}`;
    case "restore-states":
      return `copy the states of ${order.region} back from ${order.from}`;
    case "rotate-secret":
      return `rotate ${order.secret} in ${order.region}`;
    case "restart-engine":
      return `restart the engine of ${order.region}, the standby first`;
  }
}

export function faultText(fault: Fault): string {
  const text: Record<Fault["name"], string> = {
    "region-lost": `region ${fault.region} is lost`,
    "zone-lost": `the engines' zone in ${fault.region} is lost`,
    "database-lost": `the primary host of the database in ${fault.region} is lost`,
    "data-corrupted": `rows in the database of ${fault.region} are wrong`,
    "states-lost": `Terraform's states of ${fault.region} are gone`,
    "bad-release": `a release that cannot trade is deployed in ${fault.region}`,
    "secret-expired": `the token key of ${fault.region} has expired`,
    "edge-blinded": `the edge no longer sees the origin in ${fault.region}`,
  };
  return text[fault.name];
}

export function actionText(action: Action): string {
  switch (action.kind) {
    case "ask":
      return `decide: ${action.question}`;
    case "await":
      return `wait until ${conditionText(action.condition)}`;
    case "perform":
      return orderText(action.order);
    case "deploy": {
      const changes = (action.changes ?? []).map(({ field, to }) => `${field} = ${JSON.stringify(to)}`);
      return `${changes.length > 0 ? `set ${changes.join(", ")}; ` : ""}deploy ${action.stacks.join(", ")}`;
    }
    case "expect-no-changes":
      return `plan ${action.stacks.join(", ")}: no changes may be left`;
    case "trade":
      return "send two orders that trade with each other; follow them to durable acknowledgement and position";
    case "reconcile":
      return "compare every acknowledged order with what the survivor holds";
    case "attempt-split-brain":
      return `restart the old engine of ${action.region} as an active engine and send it orders`;
    case "inflict":
      return faultText(action.fault);
    case "repair":
      return `wait for the end of the fault: ${faultText(action.fault)}`;
  }
}
