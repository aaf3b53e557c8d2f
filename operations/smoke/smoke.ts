import { CanaryClient } from "./canary-client";
import { type Result, runSteps, type SmokeStep } from "./step";
import { nothingIsLeft, pairTrades } from "./steps/pair";
import { gatewayIsWell, pageIsServed, symbolsAreTraded } from "./steps/reachable";
import { pairIsStored, STORED_WITHIN_MS } from "./steps/stored";
import { streamIsOpen } from "./steps/stream";
import type { Target } from "./target";

/** What is done after every deploy, in this order. */
export const SMOKE_STEPS: readonly SmokeStep[] = [
  gatewayIsWell,
  pageIsServed,
  symbolsAreTraded,
  streamIsOpen,
  pairTrades,
  nothingIsLeft,
];

/** The same, and on to the stores behind the engine. */
export const END_TO_END_STEPS: readonly SmokeStep[] = [...SMOKE_STEPS, pairIsStored(STORED_WITHIN_MS)];

export function smoke(target: Target, steps: readonly SmokeStep[] = SMOKE_STEPS): Promise<Result[]> {
  return runSteps(steps, { target, client: new CanaryClient(target), memory: {} });
}
