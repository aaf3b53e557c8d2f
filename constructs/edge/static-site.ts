import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { allow } from "../security/policy";
import { Bucket } from "../storage/bucket";
import { BucketReplication } from "../storage/bucket-replication";
import { Certificate } from "./certificate";
import { StaticSiteHeaders } from "./static-site-headers";

/** Where CloudFront takes its certificates from. */
const CERTIFICATE_REGION = "us-east-1";
/** AWS's own policy "CachingOptimized". Source: CloudFront Developer Guide, "Use managed cache policies". */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/** A release that was overwritten can be brought back for this long. */
const RESTORABLE_DAYS = 30;
/** What S3 answers when it is ill, or when it does not have the file (yet). */
const OTHER_REGION_ON = [403, 404, 500, 502, 503, 504];
const BUILD_FILES = "/_next/static/*";

export interface StaticSiteProps {
  readonly names: Names;
  readonly accountId: string;
  /** "static.aws.example.com"; inside the zone. */
  readonly hostname: string;
  /** Public zone of the host name. */
  readonly zoneId: string;
  /** Where users come from; only pages of this host may use fonts and scripts. */
  readonly usedBy: string;
  /** Regions that hold the files; the first is the provider's, and gets uploads. */
  readonly regions: readonly string[];
  /** Refuses to plan the destruction of buckets and distribution. */
  readonly protect: boolean;
}

/**
 * Static files behind CloudFront: private buckets that only this distribution reads, in each region one. CloudFront
 * asks the second where the first fails, so that losing a region loses no page.
 */
export class StaticSite extends Construct {
  readonly distributionArn: string;
  /** Where releases are uploaded. */
  readonly bucketName: string;
  private readonly buckets: { readonly region: string; readonly bucket: Bucket }[];

  constructor(scope: Construct, id: string, props: StaticSiteProps) {
    super(scope, id);
    this.buckets = props.regions.map((region) => ({ region, bucket: this.bucket(props, region) }));
    const [home, other] = this.buckets;
    if (!home) throw new Error(`${this.node.path}: no region holds the files of ${props.hostname}; name one`);
    this.bucketName = home.bucket.bucketName;
    if (other) this.replicate(props, home, other);
    const distribution = this.distribution(props);
    this.distributionArn = distribution.arn;
    for (const { bucket } of this.buckets) this.letRead(bucket);
    for (const type of ["A", "AAAA"]) {
      new Route53Record(this, `alias-${type.toLowerCase()}`, {
        zoneId: props.zoneId,
        name: props.hostname,
        type,
        alias: { name: distribution.domainName, zoneId: distribution.hostedZoneId, evaluateTargetHealth: false },
      });
    }
  }

  private bucket({ names, accountId, regions, protect }: StaticSiteProps, region: string): Bucket {
    return new Bucket(this, region, {
      names: names.in(region),
      accountId,
      name: "static",
      retention: { restorableDays: RESTORABLE_DAYS },
      protect,
      dataClass: "public",
      region: region === regions[0] ? undefined : region,
    });
  }

  private replicate({ names }: StaticSiteProps, from: Replica, to: Replica): void {
    new BucketReplication(this, "copy", {
      names: names.in(from.region),
      name: "static",
      from: { region: from.region, bucketName: from.bucket.bucketName },
      to: { region: to.region, bucketName: to.bucket.bucketName },
      after: [from.bucket.versioning, to.bucket.versioning],
    });
  }

  private distribution(props: StaticSiteProps): CloudfrontDistribution {
    const { names, hostname, zoneId, protect } = props;
    const headers = new StaticSiteHeaders(this, "headers", { names, usedBy: props.usedBy });
    const certificate = new Certificate(this, "certificate", { hostname, zoneId, region: CERTIFICATE_REGION });
    const behaviour = {
      ...this.origin(),
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: CACHING_OPTIMIZED,
      compress: true,
    };
    const distribution = new CloudfrontDistribution(this, "distribution", {
      ...this.origins(names),
      comment: names.of("static"),
      enabled: true,
      aliases: [hostname],
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      // Edges in Europe and North America; users elsewhere are served from there.
      priceClass: "PriceClass_100",
      defaultRootObject: "index.html",
      defaultCacheBehavior: { ...behaviour, responseHeadersPolicyId: headers.pagesPolicyId },
      orderedCacheBehavior: [
        { ...behaviour, pathPattern: BUILD_FILES, responseHeadersPolicyId: headers.buildFilesPolicyId },
      ],
      viewerCertificate: {
        acmCertificateArn: certificate.arn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    distribution.overrideLogicalId("static_site");
    return distribution;
  }

  /** CloudFront signs what it asks of the buckets; they answer nobody else. */
  private origins(names: Names) {
    const access = new CloudfrontOriginAccessControl(this, "access", {
      name: names.of("static", 64),
      description: "CloudFront reads static files",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const origin = this.buckets.map(({ region, bucket }) => ({
      originId: region,
      domainName: bucket.domainName,
      originAccessControlId: access.id,
    }));
    if (origin.length < 2) return { origin };
    const member = origin.map(({ originId }) => ({ originId }));
    return {
      origin,
      originGroup: [{ originId: ORIGIN_GROUP, failoverCriteria: { statusCodes: OTHER_REGION_ON }, member }],
    };
  }

  private origin() {
    return { targetOriginId: this.buckets.length > 1 ? ORIGIN_GROUP : this.buckets[0]!.region };
  }

  private letRead(bucket: Bucket): void {
    bucket.allow(
      allow(["s3:GetObject"], [`${bucket.arn}/*`], {
        Sid: "StaticSite",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": this.distributionArn } },
      }),
    );
  }
}

interface Replica {
  readonly region: string;
  readonly bucket: Bucket;
}

const ORIGIN_GROUP = "regions";
