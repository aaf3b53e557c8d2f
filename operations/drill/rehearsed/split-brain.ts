import type { SplitBrainOutcome } from "../execution/drill-target";
import type { EngineSession } from "../trading/engine-session";
import { testOrder } from "../trading/test-order";
import type { Stage } from "./stage";

const ORDERS = 200;
/** Account of the orders of this attempt. */
const ACCOUNT = 2;
const PAUSE_MS = 10;

/** What of a stage the attempt uses. */
type Ground = Pick<Stage, "fleet" | "environment" | "ledger">;

/**
 * The old engine comes back as it was: alive, sure to be the active one, with clients that still know its address. It
 * is given orders from its first moment on, each by a client of its own. None may be acknowledged as durable.
 */
export async function attemptSplitBrain(region: string, stage: Ground): Promise<SplitBrainOutcome> {
  const { fleet } = stage;
  const intruder = fleet.engine(region);
  const survivor = stage.environment().regions.find(({ name }) => name !== region)!.name;
  intruder.thaw();
  // After a drill was resumed the old process is gone; its machine then boots again, with the journal that it had.
  if (!intruder.running) await intruder.start("active");
  const before = await fleet.status(region);
  const first = Date.now() * 1_000;
  const attempts: Promise<string>[] = [];
  for (let index = 0; index < ORDERS; index++) {
    attempts.push(attempt(() => intruder.open(), first + index, stage));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const answers: Record<string, number> = {};
  for (const answer of await Promise.all(attempts)) answers[answer] = (answers[answer] ?? 0) + 1;
  const [after, leading] = await Promise.all([fleet.status(region), fleet.status(survivor)]);
  return {
    region,
    attempted: ORDERS,
    acknowledged: (answers.durable ?? 0) + (answers.duplicate ?? 0),
    answers,
    roleBefore: before.role,
    roleAfter: after.role,
    epochOfIntruder: before.role === "silent" ? 0 : before.epoch,
    epochOfSurvivor: leading.role === "silent" ? 0 : leading.epoch,
  };
}

async function attempt(open: () => Promise<EngineSession>, clientOrderId: number, { ledger }: Ground): Promise<string> {
  const order = testOrder(ACCOUNT, clientOrderId);
  try {
    const session = await open();
    ledger.sent(order);
    const answer = await session.place(order).finally(() => session.close());
    if (answer.answer === "durable") ledger.durable(answer);
    return answer.answer === "rejected" ? answer.reason : answer.answer;
  } catch {
    return "no answer";
  }
}
