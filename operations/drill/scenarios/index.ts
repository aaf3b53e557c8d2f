import { badRelease } from "./bad-release";
import { corruptedData } from "./corrupted-data";
import { databasePrimaryLoss } from "./database-primary-loss";
import { expiredSecret } from "./expired-secret";
import { originOutOfSight } from "./origin-out-of-sight";
import { regionLoss } from "./region-loss";
import type { Scenario } from "./scenario";
import { stateLoss } from "./state-loss";
import { zoneLoss } from "./zone-loss";

/** Every disaster that is drilled, the widest first. */
export const SCENARIOS: readonly Scenario[] = [
  regionLoss,
  zoneLoss,
  databasePrimaryLoss,
  corruptedData,
  stateLoss,
  badRelease,
  expiredSecret,
  originOutOfSight,
];
