import type { IVolume } from "kubernetes-models/v1";
import { peerRegion } from "../engine/replicas";
import type { Site } from "../site";
import { authoritySecret } from "./authority-exchange";

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
  return volumeOf(name, secretName, site, own);
}

/** The authorities alone, for a pod that shows no certificate of its own. */
export function authoritiesVolume(name: string, secretName: string, site: Site): IVolume {
  return volumeOf(name, secretName, site, []);
}

/** cert-manager puts the authority beside each certificate that it signs. */
const authority = ({ region }: Pick<Site, "region">) => ({
  key: "ca.crt",
  path: `${IDENTITY_FILES.authorities}/${region.name}.crt`,
});

function volumeOf(name: string, secretName: string, site: Site, items: { key: string; path: string }[]): IVolume {
  const peer = peerRegion(site.environment, site.region);
  const sources = [
    { secret: { name: secretName, items: [...items, authority(site)] } },
    // Optional: the first region of the two is deployed before the other one has an authority. It appears later in the running pod.
    ...(peer
      ? [{ secret: { name: authoritySecret(peer.name), items: [authority({ region: peer })], optional: true } }]
      : []),
  ];
  return { name, projected: { defaultMode: READ_BY_GROUP, sources } };
}
