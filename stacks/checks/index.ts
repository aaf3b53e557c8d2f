import { autoscalerFollowsCluster } from "./autoscaler-follows-cluster";
import { podsFit } from "./capacity/pods-fit";
import type { Check } from "./check";
import { laneAgrees } from "./lane-agrees";
import { manifestsAreClean } from "./manifests-are-clean";
import { namesAreDisjoint } from "./names-are-disjoint";
import { objectsAreEchoed } from "./objects-are-echoed";
import { proofsAreFollowed } from "./proofs-are-followed";
import { rolesHaveRights } from "./roles-have-rights";
import { secretsAreRead, secretsExist } from "./secrets-exist";
import { selectorsMatch } from "./selectors-match";
import { statefulIsGuarded } from "./stateful-is-guarded";

/** Everything that must be true of an environment before a file of it is written. */
export const CHECKS: readonly Check[] = [
  namesAreDisjoint,
  statefulIsGuarded,
  selectorsMatch,
  podsFit,
  laneAgrees,
  secretsExist,
  secretsAreRead,
  proofsAreFollowed,
  manifestsAreClean,
  objectsAreEchoed,
  autoscalerFollowsCluster,
  rolesHaveRights,
];
