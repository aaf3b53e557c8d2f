/**
 * Add-ons whose build belongs to a Kubernetes version, as EKS's own tables have them. EKS never updates an add-on by
 * itself ("Update an Amazon EKS add-on"), and by its default at deploy time a plan would change without a reviewed
 * line, so an upgrade of the cluster takes the builds from here. Newer ones: `aws eks describe-addon-versions
 * --kubernetes-version 1.36 --addon-name kube-proxy`.
 * Source: EKS User Guide, "Manage kube-proxy in Amazon EKS clusters" and "Manage CoreDNS for DNS in Amazon EKS
 * clusters", 2026.
 */
const ADDON_VERSIONS: Readonly<Record<string, Readonly<Record<BoundAddon, string>>>> = {
  "1.34": { "kube-proxy": "v1.34.6-eksbuild.13", coredns: "v1.13.2-eksbuild.11" },
  "1.35": { "kube-proxy": "v1.35.3-eksbuild.13", coredns: "v1.14.3-eksbuild.3" },
  "1.36": { "kube-proxy": "v1.36.0-eksbuild.14", coredns: "v1.14.3-eksbuild.3" },
};

export type BoundAddon = "kube-proxy" | "coredns";

/** @throws when EKS's tables were not yet copied for the version */
export function addonVersion(addon: BoundAddon, kubernetes: string): string {
  const version = ADDON_VERSIONS[kubernetes]?.[addon];
  if (version) return version;
  const known = Object.keys(ADDON_VERSIONS).join(", ");
  throw new Error(
    `no build of ${addon} is known for Kubernetes ${kubernetes}; choose one of ${known}, or add it to addon-versions.ts`,
  );
}
