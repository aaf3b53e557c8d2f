import type { SplitBrainOutcome } from "../execution/world";
import { EngineConnection } from "../trading/connection";
import type { OrderAnswer } from "../trading/messages";
import type { Stage } from "./stage";

const ORDERS = 200;
/** Account of the orders of this attempt. */
const ACCOUNT = 2;
/** Time that the intruder is given to answer, and to learn of the survivor. */
const PATIENCE_MS = 3_000;
const PAUSE_MS = 10;

/**
 * The old engine comes back as it was: alive, sure to be the active one, with clients that still know its address. It is
 * given orders from its first moment on. None may be acknowledged as durable.
 */
export async function attemptSplitBrain(region: string, stage: Stage): Promise<SplitBrainOutcome> {
  const { plant } = stage;
  const intruder = plant.engine(region);
  const survivor = stage.environment().regions.find(({ name }) => name !== region)!.name;
  const answers: Record<string, number> = {};
  const count = (answer: string) => {
    answers[answer] = (answers[answer] ?? 0) + 1;
  };
  intruder.thaw();
  const connection = await EngineConnection.open(intruder.address, (answer: OrderAnswer) => {
    if (answer.answer === "durable") stage.ledger.durable(answer);
    count(answer.answer === "rejected" ? answer.reason : answer.answer);
  });
  try {
    const before = await connection.status().catch(() => undefined);
    const first = Date.now() * 1_000;
    for (let index = 0; index < ORDERS; index++) {
      const order = {
        account: ACCOUNT,
        clientOrderId: first + index,
        side: "buy" as const,
        quantityLots: 1,
        priceTicks: 6_450_000,
      };
      stage.ledger.sent(order);
      connection.send(order);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    const [after, leading] = await Promise.all([plant.status(region), plant.status(survivor)]);
    return {
      region,
      attempted: ORDERS,
      acknowledged: answers.durable ?? 0,
      answers,
      roleBefore: before?.role ?? "silent",
      roleAfter: after.role,
      epochOfIntruder: before?.epoch ?? 0,
      epochOfSurvivor: leading.role === "silent" ? 0 : leading.epoch,
    };
  } finally {
    connection.close();
  }
}
