import { addonVersion } from "./addon-versions";

describe("versions of add-ons", () => {
  // Source: Kubernetes, "Version Skew Policy": kube-proxy is never newer than the API server.
  it.each(["1.34", "1.35", "1.36"])("follow the cluster's version %s", (kubernetes) => {
    expect(addonVersion("kube-proxy", kubernetes)).toMatch(new RegExp(`^v${kubernetes}\\.\\d+-eksbuild\\.\\d+$`));
    expect(addonVersion("coredns", kubernetes)).toMatch(/^v1\.\d+\.\d+-eksbuild\.\d+$/);
  });

  it("say which clusters they are known for", () => {
    expect(() => addonVersion("coredns", "1.40")).toThrow(
      "no build of coredns is known for Kubernetes 1.40; choose one of 1.34",
    );
  });
});
