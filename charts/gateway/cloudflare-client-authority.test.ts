import { X509Certificate } from "node:crypto";
import { CLOUDFLARE_CLIENT_AUTHORITY } from "./cloudflare-client-authority";

describe("Cloudflare's client authority", () => {
  const certificate = new X509Certificate(CLOUDFLARE_CLIENT_AUTHORITY);

  it("is the one that Cloudflare publishes", () => {
    expect(certificate.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(
      "9a1ac2b4be15f9f27eee20a734cba4e9898f61001b3bd7c84b69b56a3e25a2b9",
    );
    expect(certificate.subject).toContain("CN=origin-pull.cloudflare.net");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it("is good for another half year", () => {
    expect(Date.parse(certificate.validTo) - Date.now()).toBeGreaterThan(182 * 24 * 3600 * 1000);
  });
});
