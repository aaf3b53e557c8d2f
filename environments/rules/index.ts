import { productionIsHardened } from "./hardening";
import { onPremisesIsReachable, rangesAreDisjoint, vpcRangesFit, zonesSuffice } from "./network";
import { replicationNeedsBackups, rpoIsAchievable } from "./recovery";
import { databaseGenerationsFollowRegions, regionsFitArchitecture } from "./regions";
import type { Rule } from "./rule";
import {
  brokersCarryTheReplicas,
  hostnameIsInItsZone,
  kubernetesIsSupported,
  minimaAreBelowMaxima,
  namesAreUsedOnce,
} from "./sizes";

/** Everything that is demanded of an environment beyond the form of its fields. */
export const RULES: readonly Rule[] = [
  regionsFitArchitecture,
  databaseGenerationsFollowRegions,
  vpcRangesFit,
  rangesAreDisjoint,
  zonesSuffice,
  onPremisesIsReachable,
  kubernetesIsSupported,
  minimaAreBelowMaxima,
  brokersCarryTheReplicas,
  namesAreUsedOnce,
  hostnameIsInItsZone,
  productionIsHardened,
  rpoIsAchievable,
  replicationNeedsBackups,
];
