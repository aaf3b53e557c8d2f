import type { IVolume } from "kubernetes-models/v1";
import type { Site } from "../site";

/** Files of the volume, by their path in it. */
export const IDENTITY_FILES = { certificate: "tls.crt", key: "tls.key", authorities: "authorities" } as const;

/** Read by the container's group, which is the volume's. */
const READ_BY_GROUP = 0o440;

/**
 * A pod's certificate, its key and the authorities that it believes, in one volume: the kubelet replaces all of them at once, so
 * that no new certificate is read beside an old key.
 */
export function identityVolume(name: string, secretName: string, site: Site): IVolume {
  const { certificate, key } = IDENTITY_FILES;
  const own = [
    { key: "tls.crt", path: certificate },
    { key: "tls.key", path: key },
  ];
  return volumeOf(name, secretName, [...own, authority(site)]);
}

/** The authorities alone, for a pod that shows no certificate of its own. */
export function authoritiesVolume(name: string, secretName: string, site: Site): IVolume {
  return volumeOf(name, secretName, [authority(site)]);
}

/** cert-manager puts the authority beside each certificate that it signs. */
const authority = ({ region }: Site) => ({ key: "ca.crt", path: `${IDENTITY_FILES.authorities}/${region.name}.crt` });

const volumeOf = (name: string, secretName: string, items: { key: string; path: string }[]): IVolume => ({
  name,
  projected: { defaultMode: READ_BY_GROUP, sources: [{ secret: { name: secretName, items } }] },
});
