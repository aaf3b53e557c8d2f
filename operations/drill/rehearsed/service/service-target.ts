import type { DrillTarget, Measurement, Reconciliation, StackOutcome } from "../../execution/drill-target";
import type { Condition, Deploy, Fault, Imperative, SecretName } from "../../scenarios/action";
import { reconcile } from "../../trading/reconcile";
import { testOrder } from "../../trading/test-order";
import { RehearsedTarget } from "../rehearsed-target";
import { verifyingTrade } from "../verifying-trade";
import type { ServiceStage } from "./service-stage";

/** A client's patience with an order, after which all of them are quiet. */
const QUIET_MS = 2_500;
/** As on a live platform: rows that are farther behind have stopped, or are catching up. */
const PROJECTION_LAG_SECONDS = 5;
/** Account of the probes. */
const PROBE_ACCOUNT = 1;

/** A drill's target on this machine for what the database and the secrets are about: real service, real PostgreSQL. */
export class ServiceTarget implements DrillTarget {
  readonly label = "simulated";
  private readonly cloud: RehearsedTarget;
  private probes = 0;

  constructor(
    private readonly stage: ServiceStage,
    answer: (question: string, signal: AbortSignal) => Promise<{ readonly by: string }>,
  ) {
    this.cloud = new RehearsedTarget(stage.cloud, answer);
  }

  async measure(condition: Condition): Promise<Measurement> {
    switch (condition.name) {
      case "service-answers":
      case "clients-admitted":
        return this.answered((answer) => answer === "durable");
      case "service-silent":
        return this.answered((answer) => answer !== "durable");
      case "clients-refused":
        return this.answered((answer) => answer.startsWith("401"));
      case "engine-active": {
        const health = await this.stage.service.health();
        return { holds: health?.role === "active", saw: health ? `${health.role}, ${health.status}` : "silence" };
      }
      case "database-equals-journal":
        return this.lag((seconds) => seconds <= PROJECTION_LAG_SECONDS);
      case "database-differs-from-journal":
        return this.lag((seconds) => seconds > PROJECTION_LAG_SECONDS);
      case "database-leads":
        return this.databaseLeads(condition.region);
      case "backup-recent": {
        const days = this.stage.cloud.platform.database(condition.region)?.attributes.backup_retention_period;
        return { holds: Number(days) > 0, saw: `backups are kept for ${days} days` };
      }
      default:
        throw new Error(`the rehearsal of the service cannot measure ${condition.name}`);
    }
  }

  async perform(order: Imperative): Promise<Readonly<Record<string, unknown>>> {
    switch (order.name) {
      case "rotate-secret":
        return this.rotate(order.secret);
      case "restart-engine":
        await this.stage.service.stop();
        await this.stage.service.start();
        return { restarted: order.region };
      case "force-database-failover":
        await this.stage.database.start();
        this.setDatabase(order.region, { status: "available" });
        return { primary: "the standby host, over the same storage" };
      default:
        throw new Error(`the rehearsal of the service cannot ${order.name}`);
    }
  }

  async inflict(fault: Fault): Promise<Readonly<Record<string, unknown>>> {
    const { database, key } = this.stage;
    switch (fault.name) {
      case "database-lost":
        await database.kill();
        this.setDatabase(fault.region, { status: "failed" });
        return { killed: "the database's host" };
      case "secret-expired":
        // The engine has been given a key that whoever signs users in does not have.
        key.put();
        key.copyToPod();
        return { withdrawn: "the key that users' tokens are signed with" };
      default:
        throw new Error(`the rehearsal of the service cannot inject ${fault.name}`);
    }
  }

  async repair(fault: Fault): Promise<Readonly<Record<string, unknown>>> {
    return { over: fault.name };
  }

  deploy(deploy: Deploy, signal: AbortSignal): Promise<readonly StackOutcome[]> {
    return this.cloud.deploy(deploy, signal);
  }

  plan(stacks: readonly string[], signal: AbortSignal): Promise<readonly StackOutcome[]> {
    return this.cloud.plan(stacks, signal);
  }

  confirm(question: string, signal: AbortSignal) {
    return this.cloud.confirm(question, signal);
  }

  trade() {
    return verifyingTrade({ open: () => this.stage.open(), ledger: this.stage.ledger });
  }

  async reconcile(): Promise<Reconciliation> {
    const { load, ledger, rows } = this.stage;
    load.pause(true);
    try {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      const replicationMode = "one region: durable means in the journal; orders are read back from the database";
      return reconcile({ ledger, holdings: await rows.read(), replicationMode });
    } finally {
      load.pause(false);
    }
  }

  attemptSplitBrain(): Promise<never> {
    throw new Error("no second region takes part in this rehearsal");
  }

  /** A new value in Secrets Manager, which Terraform does not know; External Secrets and sign-in take it from there. */
  private rotate(secret: SecretName) {
    if (secret !== "engine-token-key") throw new Error(`the rehearsal of the service cannot rotate ${secret}`);
    const { key, cloud } = this.stage;
    key.put();
    key.copyToPod();
    key.copyToSignIn();
    // The version that Terraform wrote is no longer the current one.
    const name = cloud.resourceNames().secrets[secret];
    const type = "aws_secretsmanager_secret_version";
    const holder = cloud.rehearsal
      .objects({ type: "aws_secretsmanager_secret" })
      .find((each) => each.attributes.name === name);
    const versions = cloud.rehearsal.objects({ type }).filter(({ attributes }) => attributes.secret_id === holder?.id);
    for (const { id } of versions) cloud.rehearsal.drift({ type, id }, { version_stages: ["AWSPREVIOUS"] });
    return { rotated: name, versionsBefore: versions.length };
  }

  private async answered(holds: (answer: string) => boolean): Promise<Measurement> {
    const answer = await this.probe();
    return { holds: holds(answer), saw: `an order with a token: ${answer}` };
  }

  private async probe(): Promise<string> {
    this.probes += 1;
    try {
      const session = await this.stage.open();
      const answer = await session.place(testOrder(PROBE_ACCOUNT, Date.now() * 100 + (this.probes % 100)));
      return answer.answer === "rejected" ? answer.reason : answer.answer;
    } catch {
      return "silence";
    }
  }

  private async lag(holds: (seconds: number) => boolean): Promise<Measurement> {
    const seconds = await this.stage.service.metric('hft_projection_lag_seconds{dependency="database"}');
    if (seconds === undefined) return { holds: false, saw: "no engine reports how far rows are behind" };
    return { holds: holds(seconds), saw: `rows are ${seconds.toFixed(1)} s behind the journal` };
  }

  private async databaseLeads(region: string): Promise<Measurement> {
    const instance = this.stage.cloud.platform.database(region);
    const [answer] = await this.stage.database.query("SELECT pg_is_in_recovery()").catch(() => []);
    const holds = instance?.attributes.status === "available" && answer?.[0] === "f";
    return { holds, saw: `${instance?.attributes.status}, ${answer ? "takes writes" : "does not answer"}` };
  }

  private setDatabase(region: string, change: Readonly<Record<string, unknown>>): void {
    const id = this.stage.cloud.platform.database(region)?.id;
    this.stage.cloud.rehearsal.drift({ type: "aws_db_instance", id, region }, change);
  }
}
