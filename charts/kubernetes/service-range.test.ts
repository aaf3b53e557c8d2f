import { synthesizeManifests } from "../platform";
import { EVERY_SITE, environmentNamed } from "../testing/every-site";
import { apiServerAddress } from "./service-range";

// Source: Kubernetes 1.35, pkg/controlplane/instance.go, `ServiceIPRange`: the Service of the API server has the first
// address of the range.
describe("the API server's address", () => {
  it.each([
    ["172.20.0.0/16", "172.20.0.1"],
    ["10.100.0.0/16", "10.100.0.1"],
    ["192.168.255.0/24", "192.168.255.1"],
  ])("is in %s the first one, %s", (serviceCidr, address) => {
    const production = environmentNamed("production");
    expect(apiServerAddress({ ...production, kubernetes: { ...production.kubernetes, serviceCidr } })).toBe(address);
  });

  it.each(EVERY_SITE)("is in the policies of whoever asks it, and follows the range: %s", (_, environment, region) => {
    const policiesIn = (serviceCidr: string) =>
      JSON.stringify(
        synthesizeManifests({ ...environment, kubernetes: { ...environment.kubernetes, serviceCidr } }, region).filter(
          ({ kind }) => kind === "NetworkPolicy",
        ),
      );
    expect(policiesIn("192.168.255.0/24")).toContain('"192.168.255.1/32"');
    expect(policiesIn("192.168.255.0/24")).not.toContain(apiServerAddress(environment));
  });
});
