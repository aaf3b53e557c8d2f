import type { IVolume, IVolumeProjection } from "kubernetes-models/v1";
import type { ShownCertificate } from "../kubernetes/protection";
import type { Site } from "../site";
import { authoritySecret } from "./authority-exchange";

/** Files of the volume, by their path in it. */
export const IDENTITY_FILES = { certificate: "tls.crt", key: "tls.key", authorities: "authorities" } as const;

const OWN = [
  { key: "tls.crt", path: IDENTITY_FILES.certificate },
  { key: "tls.key", path: IDENTITY_FILES.key },
] as const;

/** Read by the container's group, which is the volume's. */
const READ_BY_GROUP = 0o440;

/**
 * A pod's certificate, its key and the authorities that it believes, in one volume: the kubelet replaces all of them at
 * once, so that no new certificate is read beside an old key.
 */
export function identityVolume(name: string, secretName: string, site: Site): IVolume {
  const { peer } = site.region;
  const sources = [
    { secret: { name: secretName, items: [...OWN, authority(site.region.name)] } },
    // Optional: the first region of the two is deployed before the other one has an authority. It appears later in the
    // running pod.
    ...(peer ? [{ secret: { name: authoritySecret(peer.name), items: [authority(peer.name)], optional: true } }] : []),
  ];
  return projected(name, sources);
}

/** Certificate and key alone, for a pod that checks nobody's. */
export function certificateVolume(name: string, { secret }: ShownCertificate): IVolume {
  return projected(name, [{ secret: { name: secret, items: [...OWN] } }]);
}

/** cert-manager puts the authority beside each certificate that it signs. */
const authority = (region: string) => ({
  key: "ca.crt",
  path: `${IDENTITY_FILES.authorities}/${region}.crt`,
});

function projected(name: string, sources: IVolumeProjection[]): IVolume {
  return { name, projected: { defaultMode: READ_BY_GROUP, sources } };
}
