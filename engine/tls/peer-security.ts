import type { CertificateFiles } from "./certificate-files";

/** How two engines prove to each other who they are. */
export interface PeerSecurity {
  readonly files: CertificateFiles;
  /** Name that the other engine's certificate must carry, on whichever side of the connection it is. */
  readonly peerName: string;
}
