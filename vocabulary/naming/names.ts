/**
 * `eu-central-1` as `euc1`, in the way of AWS's zone ids, where a service leaves too little room (load balancers: 32).
 */
function shortRegion(region: string): string {
  const [area = "", direction = "", digit = ""] = region.split("-");
  const compass = direction.match(/north|south|east|west|central/g) ?? [direction];
  return `${area}${compass.map((word) => word[0]).join("")}${digit}`;
}

/**
 * Gives physical names of one environment in one region: `hft-<environment>-<region>-<what>`.
 * The region is in every name because IAM and S3 names are shared by all regions, and a standby region
 * must be able to exist beside the active one.
 */
export class Names {
  readonly prefix: string;

  constructor(
    readonly environment: string,
    /** AWS region, or "global" for what has none. */
    readonly region: string,
  ) {
    this.prefix = `hft-${environment}-${region}`;
  }

  /**
   * @param what the thing's own name, `orders-database`
   * @param maxLength longest name that the service takes; a region too long for it is abbreviated (`euw1`)
   * @throws when the name does not fit even so
   */
  of(what: string, maxLength = 63): string {
    const full = `${this.prefix}-${what}`;
    if (full.length <= maxLength) return full;
    const short = `hft-${this.environment}-${shortRegion(this.region)}-${what}`;
    if (short.length <= maxLength) return short;
    throw new Error(`name "${short}" has ${short.length} characters, ${maxLength} are allowed; shorten "${what}"`);
  }

  /** A path of names, as SSM parameters, log groups and secrets use it: `/hft/<environment>/<region>/<what>`. */
  path(what: string): string {
    return `/hft/${this.environment}/${this.region}/${what}`;
  }

  /** The same names in another region. */
  in(region: string): Names {
    return new Names(this.environment, region);
  }
}

/**
 * The Route 53 zone under the Cloudflare zone: what AWS answers for itself, delegated by the edge. Cloudflare and
 * cert-manager find origins by these names, which stay when a load balancer is replaced.
 */
export function originZone(edgeZone: string): string {
  return `aws.${edgeZone}`;
}

/** Fixed name of a region's origin, `origin-eu-west-1.aws.example.com`. */
export function originHost(edgeZone: string, region: string): string {
  return `origin-${region}.${originZone(edgeZone)}`;
}

/** Fixed name under which the other region's engine finds that of a region, `engine-eu-west-1.aws.example.com`. */
export function engineHost(edgeZone: string, region: string): string {
  return `engine-${region}.${originZone(edgeZone)}`;
}
