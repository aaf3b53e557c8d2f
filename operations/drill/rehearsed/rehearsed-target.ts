import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DrillTarget, Measurement, Reconciliation, StackOutcome } from "../execution/drill-target";
import { outcomeOf, type PlanDocument, sha256 } from "../execution/plan-outcome";
import type { Condition, Deploy, Fault, Imperative } from "../scenarios/action";
import { reconcile } from "../trading/reconcile";
import { measure } from "./conditions";
import { inflict, repair } from "./faults";
import { perform } from "./orders";
import { attemptSplitBrain } from "./split-brain";
import type { Stage } from "./stage";
import { verifyingTrade } from "./verifying-trade";

/** A client's patience with an order, after which all of them are quiet. */
const QUIET_MS = 1_500;

/** A drill's target on this machine: real Terraform on the simulated cloud, real engine processes, real clients. */
export class RehearsedTarget implements DrillTarget {
  readonly label = "simulated";

  constructor(
    private readonly stage: Stage,
    /** Answers a question. @throws when the answer is no */
    private readonly answer: (question: string, signal: AbortSignal) => Promise<{ readonly by: string }>,
  ) {}

  measure(condition: Condition): Promise<Measurement> {
    return measure(condition, this.stage);
  }

  perform(order: Imperative): Promise<Readonly<Record<string, unknown>>> {
    return perform(order, this.stage);
  }

  async deploy({ changes = [], stacks }: Deploy, signal: AbortSignal): Promise<StackOutcome[]> {
    this.stage.overlay.change(changes);
    this.stage.synthesize();
    const outcomes: StackOutcome[] = [];
    // One by one, in the order of the scenario: a plan is made of what the stack before has left.
    for (const stack of stacks) {
      const began = performance.now();
      const plan = await this.stage.deploy(stack, signal);
      outcomes.push(this.outcome(stack, plan, performance.now() - began));
    }
    return outcomes;
  }

  async plan(stacks: readonly string[], signal: AbortSignal): Promise<StackOutcome[]> {
    const outcomes: StackOutcome[] = [];
    for (const stack of stacks) {
      signal.throwIfAborted();
      const began = performance.now();
      const plan = await this.stage.rehearsal.planStack(this.stage.tree, stack);
      outcomes.push(this.outcome(stack, plan, performance.now() - began));
    }
    return outcomes;
  }

  private outcome(stack: string, plan: PlanDocument, durationMs: number): StackOutcome {
    const stackSha256 = sha256(readFileSync(join(this.stage.tree, "stacks", stack, "cdk.tf.json")));
    return outcomeOf({ stack, stackSha256, plan, durationMs });
  }

  confirm(question: string, signal: AbortSignal) {
    return this.answer(question, signal);
  }

  trade() {
    const { fleet, ledger } = this.stage;
    return verifyingTrade({ open: () => fleet.open(), ledger });
  }

  async reconcile(): Promise<Reconciliation> {
    this.stage.load.pause(true);
    try {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      return await this.compare();
    } finally {
      this.stage.load.pause(false);
    }
  }

  private async compare(): Promise<Reconciliation> {
    const region = this.stage.environment().activeRegion;
    const engine = this.stage.fleet.engine(region);
    const { replicationMode } = await engine.status();
    return reconcile({ ledger: this.stage.ledger, holdings: await engine.holdings(), replicationMode });
  }

  attemptSplitBrain(region: string) {
    return attemptSplitBrain(region, this.stage);
  }

  inflict(fault: Fault) {
    return inflict(fault, this.stage);
  }

  repair(fault: Fault) {
    return repair(fault, this.stage);
  }
}
