import { Names } from "../../vocabulary";
import { type Attributes, Synthesized, statementsOf } from "../testing/synthesized";
import { StaticSite, type StaticSiteProps } from "./static-site";

const props: StaticSiteProps = {
  names: new Names("production", "global"),
  accountId: "333333333333",
  hostname: "static.aws.example.com",
  zoneId: "zone",
  usedBy: "trade.example.com",
  regions: ["eu-west-1", "eu-central-1"],
  protect: true,
};
const site = (changes: Partial<StaticSiteProps> = {}) =>
  Synthesized.of((scope) => {
    new StaticSite(scope, "static", { ...props, ...changes });
  });
const distribution = (changes: Partial<StaticSiteProps> = {}) => site(changes).the("aws_cloudfront_distribution");

describe("StaticSite", () => {
  it("speaks HTTPS alone, with a certificate from where CloudFront takes it", () => {
    expect(distribution()).toMatchObject({
      aliases: ["static.aws.example.com"],
      default_cache_behavior: { viewer_protocol_policy: "redirect-to-https" },
      viewer_certificate: { minimum_protocol_version: "TLSv1.2_2021", ssl_support_method: "sni-only" },
    });
    for (const type of ["aws_acm_certificate", "aws_acm_certificate_validation"]) {
      expect(site().the(type)).toMatchObject({ region: "us-east-1" });
    }
    expect(site().the("aws_acm_certificate")).toMatchObject({
      domain_name: "static.aws.example.com",
      validation_method: "DNS",
    });
  });

  it("reads private buckets, which answer this distribution and nobody else", () => {
    expect(site().the("aws_cloudfront_origin_access_control")).toMatchObject({
      signing_behavior: "always",
      signing_protocol: "sigv4",
    });
    for (const { policy } of site().all("aws_s3_bucket_policy")) {
      const reads = statementsOf(policy).filter(({ Effect }) => Effect === "Allow");
      expect(reads).toEqual([
        expect.objectContaining({
          Action: ["s3:GetObject"],
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: { StringEquals: { "AWS:SourceArn": expect.stringContaining("static_site.arn") } },
        }),
      ]);
    }
    expect(site().all("aws_s3_bucket_public_access_block")).toHaveLength(2);
  });

  it("asks the second region where the first fails", () => {
    expect(distribution()).toMatchObject({
      origin: [{ origin_id: "eu-west-1" }, { origin_id: "eu-central-1" }],
      origin_group: [{ origin_id: "regions", member: [{ origin_id: "eu-west-1" }, { origin_id: "eu-central-1" }] }],
      default_cache_behavior: { target_origin_id: "regions" },
    });
    expect(site().all("aws_s3_bucket_replication_configuration")).toHaveLength(1);
  });

  it("is content with one region", () => {
    const single = distribution({ regions: ["eu-west-1"] });
    expect(single).toMatchObject({ default_cache_behavior: { target_origin_id: "eu-west-1" } });
    expect(single).not.toHaveProperty("origin_group");
    expect(site({ regions: ["eu-west-1"] }).types()).not.toContain("aws_s3_bucket_replication_configuration");
    expect(() => site({ regions: [] })).toThrow("no region holds the files of static.aws.example.com; name one");
  });

  it("sends security headers with every file, and lets only the platform's pages use them", () => {
    const policies = site().all("aws_cloudfront_response_headers_policy");
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(policy).toMatchObject({
        security_headers_config: {
          strict_transport_security: { access_control_max_age_sec: 63_072_000 },
          frame_options: { frame_option: "DENY" },
          content_type_options: { override: true },
        },
        cors_config: { access_control_allow_origins: { items: ["https://trade.example.com"] } },
      });
    }
  });

  it("keeps build files for a year, and pages for minutes", () => {
    const cacheControl = (behaviour: unknown) => {
      const id = String((behaviour as Attributes).response_headers_policy_id);
      const policy = site()
        .all("aws_cloudfront_response_headers_policy")
        .find(({ name }) => id.includes(String(name).replace("hft-production-global-", "")))!;
      return (policy.custom_headers_config as { items: { value: string }[] }).items[0]!.value;
    };
    const [build] = distribution().ordered_cache_behavior as Attributes[];
    expect(build!.path_pattern).toBe("/_next/static/*");
    expect(cacheControl(build)).toBe("public, max-age=31536000, immutable");
    expect(cacheControl(distribution().default_cache_behavior)).toBe("public, max-age=300");
  });

  it("has its name in both kinds of address, and is not destroyed by a plan", () => {
    const aliases = site()
      .all("aws_route53_record")
      .filter(({ name }) => name === "static.aws.example.com");
    expect(aliases.map(({ type }) => type).sort()).toEqual(["A", "AAAA"]);
    expect(distribution()).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(site().ids("aws_cloudfront_distribution")).toEqual(["static_site"]);
  });
});
