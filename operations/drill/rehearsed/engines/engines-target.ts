import { setTimeout as pause } from "node:timers/promises";
import type { DrillTarget, Measurement, Reconciliation } from "../../execution/drill-target";
import { journalFollows } from "../../execution/journal-gate";
import type { Condition, Deploy, Fault, Imperative } from "../../scenarios/action";
import { reconcile } from "../../trading/reconcile";
import { testOrder } from "../../trading/test-order";
import { attemptSplitBrain } from "../split-brain";
import { verifyingTrade } from "../verifying-trade";
import type { EnginesStage } from "./engines-stage";

/** A client's patience with an order, after which all of them are quiet. */
const QUIET_MS = 1_500;
/** Account of the probes; the load's accounts begin at 100. */
const PROBE_ACCOUNT = 1;

/**
 * A drill's target of engines and clients alone. Databases, stacks and states are said to be left out, never to be
 * sound.
 */
export class EnginesTarget implements DrillTarget {
  readonly label = "simulated";
  private probes = 0;

  constructor(private readonly stage: EnginesStage) {}

  async measure(condition: Condition): Promise<Measurement> {
    const { stage } = this;
    const { fleet } = stage;
    switch (condition.name) {
      case "service-answers":
      case "service-silent": {
        const answers = await this.probe();
        return {
          holds: answers === (condition.name === "service-answers"),
          saw: answers ? "an order became durable" : "no answer",
        };
      }
      case "region-answers":
      case "region-silent": {
        const lost = stage.isLost(condition.region);
        return { holds: lost === (condition.name === "region-silent"), saw: lost ? "lost" : "there" };
      }
      case "engine-active":
      case "engine-acknowledges-nothing": {
        const { role } = await fleet.facts(condition.region);
        return { holds: (role === "active") === (condition.name === "engine-active"), saw: role };
      }
      case "journal-follows": {
        const [from, to] = await Promise.all([fleet.facts(condition.from), fleet.facts(condition.to)]);
        return journalFollows(from, to, stage.environment().recovery.rpoSeconds);
      }
      case "edge-points-to":
        return { holds: stage.edgeLeadsTo === condition.region, saw: stage.edgeLeadsTo };
      default:
        return { holds: true, saw: "skipped: engines only" };
    }
  }

  async perform(order: Imperative): Promise<Readonly<Record<string, unknown>>> {
    const { fleet } = this.stage;
    switch (order.name) {
      case "fence-writers":
        if (this.stage.isLost(order.region)) return { told: "not needed: the surviving engine's epoch fences it" };
        await fleet.scaleDown(order.region);
        return { told: "the engine drained and ended" };
      case "promote-engine":
        return { promoted: order.region, epoch: await fleet.promote(order.region, order.decision) };
      case "restart-engine":
        await fleet.restart(order.region);
        return { restarted: order.region };
      default:
        return { leftOut: order.name };
    }
  }

  async deploy(deploy: Deploy) {
    await this.stage.deploy(deploy);
    return [];
  }

  async plan() {
    return [];
  }

  async confirm() {
    return { by: "series" };
  }

  trade() {
    const { fleet, ledger } = this.stage;
    return verifyingTrade({ open: () => fleet.open(), ledger });
  }

  async reconcile(): Promise<Reconciliation> {
    const { load, ledger, fleet } = this.stage;
    load.pause(true);
    try {
      await pause(QUIET_MS);
      const engine = fleet.engine(this.stage.environment().activeRegion);
      const { replicationMode } = await engine.status();
      return reconcile({ ledger, holdings: await engine.holdings(), replicationMode });
    } finally {
      load.pause(false);
    }
  }

  attemptSplitBrain(region: string) {
    return attemptSplitBrain(region, this.stage);
  }

  async inflict(fault: Fault) {
    if (fault.name !== "region-lost") throw new Error(`a drill of engines only cannot inject ${fault.name}`);
    this.stage.lose(fault.region);
    return { lost: fault.region };
  }

  async repair(fault: Fault) {
    if (fault.name === "region-lost") this.stage.restore(fault.region);
    return { over: fault.name };
  }

  private async probe(): Promise<boolean> {
    this.probes += 1;
    try {
      const session = await this.stage.fleet.open();
      const order = testOrder(PROBE_ACCOUNT, Date.now() * 100 + (this.probes % 100));
      return (await session.place(order).finally(() => session.close())).answer === "durable";
    } catch {
      return false;
    }
  }
}
