import type { EnvironmentInput } from "./environment";

/** An image goes up through these environments, one after the other. */
export const PROMOTION_ORDER = ["development", "staging", "production"] as const;

/**
 * The environment that an image of this one goes to next, or undefined for the last one and for those outside of the
 * order.
 */
export function nextInPromotion(
  name: string,
  inputs: Readonly<Record<string, EnvironmentInput>>,
): EnvironmentInput | undefined {
  const place = (PROMOTION_ORDER as readonly string[]).indexOf(name);
  const next = place < 0 ? undefined : PROMOTION_ORDER[place + 1];
  return next && inputs[next];
}
