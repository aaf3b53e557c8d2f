import type { Check } from "../check";
import { CALLER, REGIONS, ZONES } from "./account";
import { LANE_CAPACITY, OFFERS } from "./capacity";
import { EDGE_ACCOUNT, EDGE_PLAN, EDGE_SETTINGS, EDGE_ZONE } from "./edge";
import { FOREIGN_IMAGES, RELEASED_IMAGES } from "./images";
import { BUCKETS, SECRETS } from "./outside";
import { GITHUB_PROVIDER, PRINCIPALS } from "./principals";
import { QUOTAS } from "./quotas";
import { DATABASE_CLASS, VERSIONS } from "./versions";

/** Every question before a deploy, in the order of the table. */
export const CHECKS: readonly Check[] = [
  CALLER,
  PRINCIPALS,
  GITHUB_PROVIDER,
  REGIONS,
  ZONES,
  OFFERS,
  QUOTAS,
  LANE_CAPACITY,
  VERSIONS,
  DATABASE_CLASS,
  RELEASED_IMAGES,
  FOREIGN_IMAGES,
  SECRETS,
  BUCKETS,
  EDGE_ACCOUNT,
  EDGE_ZONE,
  EDGE_PLAN,
  EDGE_SETTINGS,
];
