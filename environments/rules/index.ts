import { canaryIsTraded } from "./canary";
import { productionIsHardened } from "./hardening";
import { onPremisesIsReachable, rangesAreDisjoint, serviceRangeFits, vpcRangesFit, zonesSuffice } from "./network";
import { alternativesAreAlike, instanceTypesAreKnown, laneCanBeLaid } from "./node-pools";
import { globalDatastoreHasItsNodes, regionsAndZonesExist, serviceTypesExist, serviceVersionsExist } from "./offers";
import { replicationNeedsBackups, rpoIsAchievable } from "./recovery";
import { databaseGenerationsFollowRegions, regionsFitArchitecture } from "./regions";
import type { Rule } from "./rule";
import {
  brokersCarryTheReplicas,
  frontendIsWholeOrAbsent,
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
  serviceRangeFits,
  rangesAreDisjoint,
  zonesSuffice,
  regionsAndZonesExist,
  onPremisesIsReachable,
  kubernetesIsSupported,
  minimaAreBelowMaxima,
  frontendIsWholeOrAbsent,
  instanceTypesAreKnown,
  alternativesAreAlike,
  serviceTypesExist,
  serviceVersionsExist,
  globalDatastoreHasItsNodes,
  laneCanBeLaid,
  brokersCarryTheReplicas,
  namesAreUsedOnce,
  hostnameIsInItsZone,
  canaryIsTraded,
  productionIsHardened,
  rpoIsAchievable,
  replicationNeedsBackups,
];
