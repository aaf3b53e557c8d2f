import { Synthesized } from "../testing/synthesized";
import { PublicZone } from "./public-zone";

const zone = (protect: boolean) =>
  Synthesized.of((scope) => {
    new PublicZone(scope, "zone", { zone: "aws.example.com", protect });
  });

describe("PublicZone", () => {
  it("keeps its identity and is not destroyed by a plan, since the zone above names its servers", () => {
    expect(zone(true).ids("aws_route53_zone")).toEqual(["public_zone"]);
    expect(zone(true).the("aws_route53_zone")).toMatchObject({
      name: "aws.example.com",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("goes with the proofs that cert-manager left in it where it is not protected", () => {
    expect(zone(false).the("aws_route53_zone")).toMatchObject({ force_destroy: true });
  });
});
