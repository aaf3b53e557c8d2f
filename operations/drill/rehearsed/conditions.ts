import type { Measurement } from "../execution/drill-target";
import { journalFollows } from "../execution/journal-gate";
import type { Condition } from "../scenarios/action";
import type { Stage } from "./stage";

/** Looks at a condition in the rehearsal: at processes, at the simulated cloud, and through the clients' session. */
export async function measure(condition: Condition, stage: Stage): Promise<Measurement> {
  const { platform, fleet } = stage;
  switch (condition.name) {
    case "service-answers":
    case "service-silent": {
      const answer = await stage.probe();
      const answers = answer === "durable";
      return { holds: answers === (condition.name === "service-answers"), saw: `an order through the edge: ${answer}` };
    }
    case "region-answers":
    case "region-silent": {
      const lost = platform.isLost(condition.region);
      return {
        holds: lost === (condition.name === "region-silent"),
        saw: lost ? "no endpoint answers" : "endpoints answer",
      };
    }
    case "engine-active": {
      const status = await fleet.status(condition.region);
      return { holds: status.role === "active", saw: describe(status) };
    }
    case "engine-acknowledges-nothing": {
      const status = await fleet.status(condition.region);
      return { holds: status.role !== "active", saw: describe(status) };
    }
    case "journal-follows": {
      const [from, to] = await Promise.all([fleet.facts(condition.from), fleet.facts(condition.to)]);
      return journalFollows(from, to, stage.environment().recovery.rpoSeconds);
    }
    case "database-follows":
    case "database-leads":
      return database(condition, stage);
    case "edge-points-to": {
      const [first] = platform.edgeOrder();
      return { holds: first === condition.region, saw: `first pool: ${first ?? "none"}` };
    }
    case "state-readable":
    case "state-missing": {
      const keys = platform.stateKeys(stage.environment(), condition.region);
      const readable = keys.length > 0 && !platform.isLost(condition.region);
      return { holds: readable === (condition.name === "state-readable"), saw: `${keys.length} states` };
    }
    case "database-equals-journal":
    case "database-differs-from-journal":
    case "backup-recent":
    case "clients-admitted":
    case "clients-refused":
      throw new Error(`the rehearsal cannot measure ${condition.name}`);
  }
}

function describe(status: { readonly region: string; readonly role: string; readonly epoch?: number }): string {
  return `${status.region}: ${status.role}${status.epoch === undefined ? "" : `, epoch ${status.epoch}`}`;
}

function database(
  { name, region }: Extract<Condition, { name: "database-follows" | "database-leads" }>,
  stage: Stage,
): Measurement {
  const instance = stage.platform.database(region);
  if (!instance || stage.platform.isLost(region)) return { holds: false, saw: "no such database" };
  const source = instance.attributes.replicate_source_db;
  const follows = typeof source === "string" && source !== "";
  return {
    holds: follows === (name === "database-follows"),
    saw: follows ? `${instance.id} follows ${source}` : `${instance.id} is a primary`,
  };
}
