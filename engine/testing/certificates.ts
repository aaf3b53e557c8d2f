import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suiteThatNeeds, toolOutput } from "@hft/testing";
import { idsOf } from "./server-process";

const OPENSSL = "/usr/bin/openssl";
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

export const opensslIsMissing = (): boolean => !existsSync(OPENSSL);

/** `describe` for what openssl makes certificates for. */
export function describeWithOpenssl(title: string, body: () => void): void {
  suiteThatNeeds(opensslIsMissing() ? `${OPENSSL} not installed; run .ci/install-tools` : undefined)(title, body);
}

/** A server's key and certificate, and the authority that signed it. */
export interface ServerCertificate {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Key and certificates in one file, as Kafka reads them. */
  readonly bundleFile: string;
}

/** An authority of a test's own, and a certificate of it for `localhost`: for no other name and no address. */
export function newCertificate(parent: string, owner?: string): ServerCertificate {
  const directory = join(parent, "tls");
  mkdirSync(directory);
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => toolOutput(OPENSSL, args, { cwd: directory });
  openssl("req", "-x509", ...KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority");
  openssl("req", ...KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(file("names"), "subjectAltName=DNS:localhost\n");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2"];
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", "server.pem");
  const parts = ["server.key", "server.pem", "ca.pem"].map((name) => readFileSync(file(name), "utf8"));
  writeFileSync(file("bundle.pem"), parts.join(""));
  for (const name of ["server.key", "bundle.pem"]) chmodSync(file(name), 0o600);
  if (owner) {
    const { uid, gid } = idsOf(owner);
    for (const name of [directory, file("server.key"), file("server.pem"), file("ca.pem")]) chownSync(name, uid, gid);
  }
  return {
    caFile: file("ca.pem"),
    certificateFile: file("server.pem"),
    keyFile: file("server.key"),
    bundleFile: file("bundle.pem"),
  };
}
