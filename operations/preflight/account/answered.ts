import { Unanswered } from "../finding";

/**
 * Runs a call of the SDK. What the service refuses or nobody answers becomes `Unanswered`, with the action that is
 * needed for it: a missing right is then told from a missing thing.
 */
export async function answered<Result>(action: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    const { name, message } = error as Error;
    throw new Unanswered(`${action} was not answered: ${name}: ${message}`);
  }
}

/** Whether an error of the SDK has one of these codes. */
export function isCalled(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as Error).name);
}

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
