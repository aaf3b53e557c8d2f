import { type EnvironmentInput, nextInPromotion } from "../../environments";
import type { EnvironmentChange } from "../drill/scenarios/action";

/** Images that this repository's releases bring, and so what a promotion moves. */
const PROMOTED_IMAGES = ["engine"] as const;

/** Why a release may not go from one environment to another; the message says what to do instead. */
export class PromotionRefused extends Error {}

export interface Promotion {
  readonly from: EnvironmentInput;
  readonly to: EnvironmentInput;
  /** Releases that the target had before its present one, the newest first. */
  readonly releasesBefore: readonly string[];
}

/**
 * The changes that bring the target to the release of the source. Only the next environment in the order can be the
 * target: what runs in production was in staging before.
 * @throws PromotionRefused
 */
export function promotionChanges(
  { from, to, releasesBefore }: Promotion,
  environments: Readonly<Record<string, EnvironmentInput>>,
): readonly EnvironmentChange[] {
  const next = nextInPromotion(from.name, environments);
  if (next?.name !== to.name) {
    const instead = next ? `${from.name} is promoted to ${next.name}` : `no environment comes after ${from.name}`;
    throw new PromotionRefused(`a release cannot be promoted from ${from.name} to ${to.name}: ${instead}`);
  }
  return PROMOTED_IMAGES.filter((image) => from.images[image] !== to.images[image]).map((image) => {
    const release = from.images[image];
    if (releasesBefore.includes(release)) {
      throw new PromotionRefused(
        `${from.name} has ${release}, which ${to.name} had before its current release; to return to it on purpose: ` +
          `npm run operate -- rollback ${to.name} --to ${release}`,
      );
    }
    return { field: `images.${image}`, to: release };
  });
}
