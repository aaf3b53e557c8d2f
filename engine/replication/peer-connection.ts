import { connect as connectPlainly, createServer as createPlainServer, isIP, type Server, Socket } from "node:net";
import { checkServerIdentity, connect as connectSecurely, createServer, type TLSSocket } from "node:tls";
import { readIdentity, type TlsIdentity } from "../tls/certificate-files";
import { CertificateWatch } from "../tls/certificate-watch";
import type { PeerSecurity } from "../tls/peer-security";
import { parseAddress } from "./address";

/** Where the other engine is, and how it is spoken to. */
export interface PeerAddress {
  readonly peer: string;
  /** Silence after which it counts as gone. */
  readonly timeoutMs: number;
  /** @default - plain text: both engines are on one machine */
  readonly secure?: PeerSecurity;
}

type Notice = (notice: string) => void;

/**
 * Opens a connection to the peer. The certificate is read anew each time, so that one after a rotation has the new one.
 * @param onReady the peer is there and, with TLS, has proved that it is the peer
 * @param onRefused what is wrong with a certificate, on this side or on the other one
 */
export function connectToPeer(
  { peer, secure }: PeerAddress,
  onReady: (socket: Socket) => void,
  onRefused: Notice,
): Socket {
  const address = parseAddress(peer);
  if (!secure) {
    const socket = connectPlainly(address);
    return socket.once("connect", () => onReady(socket));
  }
  const { files, peerName } = secure;
  let identity: TlsIdentity;
  try {
    identity = readIdentity(files);
  } catch (error) {
    onRefused(`replication: no connection to ${peer}: ${(error as Error).message}`);
    return new Socket().destroy();
  }
  const socket = connectSecurely({
    ...address,
    ...identity.options,
    ...(isIP(peerName) ? {} : { servername: peerName }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(peerName, certificate),
  });
  socket.once("secureConnect", () => onReady(socket));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    // What the network says has a system call with it, and is no matter of certificates.
    if (!error.syscall) onRefused(`replication: the connection to ${peer} over TLS failed: ${error.message}`);
  });
  return socket;
}

/**
 * Accepts the peer, and nobody else where there is a certificate to tell. Who is refused is told once for each reason.
 */
export function acceptPeer(
  secure: PeerSecurity | undefined,
  onPeer: (socket: Socket) => void,
  onRefused: Notice,
): Server {
  if (!secure) return createPlainServer(onPeer);
  const { files, peerName } = secure;
  const told = new Set<string>();
  const refuse = (socket: Socket, reason: string) => {
    const from = socket.remoteAddress ?? "a client that has disconnected";
    socket.destroy();
    if (told.has(reason)) return;
    told.add(reason);
    onRefused(`replication: ${from} was refused: ${reason}`);
  };
  const watch = new CertificateWatch(files, {
    onChange: (options) => {
      told.clear();
      server.setSecureContext(options);
    },
    onProblem: onRefused,
  });
  // Node would cut off whoever fails its check without a word; here the reason is wanted.
  const server = createServer({ ...watch.options, requestCert: true, rejectUnauthorized: false }, (socket) => {
    const wrong = faultOf(socket, peerName);
    if (wrong) refuse(socket, wrong);
    else onPeer(socket);
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    if (error.code !== "ECONNRESET") refuse(socket, `${error.message.trim()}${error.code ? ` (${error.code})` : ""}`);
  });
  server.once("close", () => watch.stop());
  return server;
}

/** Why somebody is not the peer; undefined when it is. */
function faultOf(socket: TLSSocket, peerName: string): string | undefined {
  const certificate = socket.getPeerCertificate();
  if (Object.keys(certificate).length === 0) return "it presents no certificate";
  if (!socket.authorized) return `its certificate is not valid: ${socket.authorizationError}`;
  return checkServerIdentity(peerName, certificate)?.message;
}
