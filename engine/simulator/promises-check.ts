import type { SeededRandom } from "../oracle/seeded-random";
import { type AskedOrder, BrokenPromise, type ClientLedger } from "./client-ledger";
import type { ServiceAnswer, ServiceProcess } from "./service-process";

/** Orders and keys of earlier lives that are looked at again after each one. */
const OLDER = 20;
const AT_ONCE = 8;

/** Asks a service that has come back for everything that clients were told, and repeats what got no answer. */
export async function checkPromises(
  service: ServiceProcess,
  tokens: ReadonlyMap<number, string>,
  ledger: ClientLedger,
  random: SeededRandom,
): Promise<void> {
  const enter = async (order: AskedOrder, change: object = {}): Promise<ServiceAnswer> => {
    const requestId = ledger.nextRequest();
    const answer = await service.ask({
      method: "POST",
      path: "/api/orders",
      token: tokens.get(order.account) as string,
      body: { ...order.body, ...change },
      headers: { "idempotency-key": order.key, "x-request-id": requestId },
    });
    ledger.answered(requestId, order.account, answer, 201);
    return answer;
  };
  const older = Array.from({ length: Math.min(OLDER, ledger.orders.length) }, () => {
    return ledger.orders[random.between(0, ledger.orders.length - 1)] as AskedOrder;
  });
  const orders = [...new Set([...ledger.fresh, ...older])];
  await inParallel(orders, async (order) => {
    const told = order.answer;
    if (told && told.status >= 400) return;
    const repeated = await enter(order);
    if (told) expectSame(order, told, repeated);
    // Nobody had heard of it: it is there now, once, whether it had been there before or not.
    else if (repeated.status < 500) order.answer = repeated;
    if (repeated.status >= 300) return;
    const other = await enter(order, { selfTradePrevention: "cancel_both" });
    if (other.status !== 409) throw new BrokenPromise("another term under a key is a conflict", order, other);
  });
  const ended = [...ledger.ended];
  const looked = Array.from(
    { length: Math.min(OLDER, ended.length) },
    () => ended[random.between(0, ended.length - 1)],
  );
  await inParallel(looked, async (each) => {
    const [orderId, { account, status }] = each as (typeof ended)[number];
    const token = tokens.get(account) as string;
    const found = await service.ask({ method: "GET", path: `/api/orders/${orderId}`, token });
    if (found.body.status !== status)
      throw new BrokenPromise("an ended order stays as it was", { orderId, status }, found);
  });
  ledger.fresh = [];
}

function expectSame(order: AskedOrder, told: ServiceAnswer, repeated: ServiceAnswer): void {
  if (repeated.status !== 200 || repeated.body.orderId !== told.body.orderId) {
    throw new BrokenPromise("a repeated key finds its order", { key: order.key, ...told }, repeated);
  }
  const { filledQuantity } = told.body as { filledQuantity: string };
  if (Number(repeated.body.filledQuantity) < Number(filledQuantity)) {
    throw new BrokenPromise("an execution that was told stays", told.body, repeated.body);
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
