import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { HSTS_MAX_AGE_SECONDS } from "./zone-settings";

const YEAR_SECONDS = 365 * 24 * 3600;

export interface StaticSiteHeadersProps {
  readonly names: Names;
  /** Host whose pages may use the files. */
  readonly usedBy: string;
}

/**
 * Headers that CloudFront puts on every answer, and the longer life of build files, whose names carry their content's
 * hash.
 */
export class StaticSiteHeaders extends Construct {
  readonly pagesPolicyId: string;
  readonly buildFilesPolicyId: string;

  constructor(scope: Construct, id: string, props: StaticSiteHeadersProps) {
    super(scope, id);
    this.pagesPolicyId = this.policy(props, "static-pages", "public, max-age=300");
    this.buildFilesPolicyId = this.policy(props, "static-build", `public, max-age=${YEAR_SECONDS}, immutable`);
  }

  private policy({ names, usedBy }: StaticSiteHeadersProps, what: string, cacheControl: string): string {
    return new CloudfrontResponseHeadersPolicy(this, what, {
      name: names.of(what),
      comment: `Headers of ${what}`,
      securityHeadersConfig: SECURITY_HEADERS,
      corsConfig: {
        accessControlAllowCredentials: false,
        accessControlAllowOrigins: { items: [`https://${usedBy}`] },
        accessControlAllowMethods: { items: ["GET", "HEAD"] },
        accessControlAllowHeaders: { items: ["*"] },
        accessControlMaxAgeSec: 86_400,
        originOverride: true,
      },
      customHeadersConfig: { items: [{ header: "Cache-Control", value: cacheControl, override: true }] },
    }).id;
  }
}

const SECURITY_HEADERS = {
  strictTransportSecurity: {
    accessControlMaxAgeSec: HSTS_MAX_AGE_SECONDS,
    includeSubdomains: true,
    preload: true,
    override: true,
  },
  contentTypeOptions: { override: true },
  frameOptions: { frameOption: "DENY", override: true },
  referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
  // Files, not pages: nothing in them may load anything.
  contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'", override: true },
} as const;
