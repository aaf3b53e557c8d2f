import { createPrivateKey, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, type EngineConfiguration } from "../configuration";

/** Where an engine's certificate is, its key, and whom it believes. */
export type CertificateFiles = NonNullable<EngineConfiguration["tls"]>;

/** What was read of them, checked. */
export interface TlsIdentity {
  /** For a listener, and for a connection to another engine. */
  readonly options: {
    readonly cert: string;
    readonly key: string;
    readonly ca: string[];
    readonly minVersion: "TLSv1.2";
  };
  readonly notAfterMs: number;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * Reads the files, and holds them against each other: half of a rotation (a new certificate beside the old key) is
 * found here and not at a handshake. Throws with the field of the configuration, the file, and what to put there.
 */
export function readIdentity(files: CertificateFiles, nowMs = Date.now()): TlsIdentity {
  const certificate = readText("certificateFile", files.certificateFile);
  const key = readText("keyFile", files.keyFile);
  const authorities = readAuthorities(files.authoritiesDirectory);
  const chain = certificatesOf("certificateFile", files.certificateFile, certificate);
  const own = chain[0]!;
  if (!belongs(own, key, files)) {
    throw wrong("keyFile", files.keyFile, `does not match ${files.certificateFile}; install a matching pair`);
  }
  const notAfterMs = Date.parse(own.validTo);
  if (notAfterMs <= nowMs) {
    throw wrong("certificateFile", files.certificateFile, `expired on ${own.validTo}; have it reissued`);
  }
  if (!isSignedBy(chain, authorities)) {
    const message = `is signed by "${nameOf(own.issuer)}", which is not in ${files.authoritiesDirectory}; add that CA`;
    throw wrong("certificateFile", files.certificateFile, message);
  }
  return { options: { cert: certificate, key, ca: authorities.map(String), minVersion: "TLSv1.2" }, notAfterMs };
}

function readAuthorities(directory: string): X509Certificate[] {
  const field = "authoritiesDirectory";
  let names: string[];
  try {
    names = readdirSync(directory).sort();
  } catch (error) {
    throw wrong(
      field,
      directory,
      `cannot be read (${(error as NodeJS.ErrnoException).code}); create it, or name another one`,
    );
  }
  // A mounted Secret holds folders of its own whose names begin with two dots.
  const files = names.filter((name) => !name.startsWith(".")).map((name) => join(directory, name));
  if (files.length === 0) throw wrong(field, directory, "is empty; add the CA certificates (PEM)");
  return files.flatMap((file) => certificatesOf(field, file, readText(field, file)));
}

function readText(field: keyof CertificateFiles, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw wrong(field, file, `cannot be read (${(error as NodeJS.ErrnoException).code}); put a PEM file there`);
  }
}

function certificatesOf(field: keyof CertificateFiles, file: string, text: string): X509Certificate[] {
  try {
    const found = (text.match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
    if (found.length > 0) return found;
  } catch {
    // Said below.
  }
  throw wrong(field, file, "contains no readable certificate; put one there in PEM format");
}

function belongs(certificate: X509Certificate, key: string, { keyFile }: CertificateFiles): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw wrong(
      "keyFile",
      keyFile,
      "contains no readable private key; put one there in PEM format, without a password",
    );
  }
}

/** Follows the chain in the file from one to the next, up to an authority. */
function isSignedBy(chain: readonly X509Certificate[], authorities: readonly X509Certificate[]): boolean {
  const signed = (one: X509Certificate, by: X509Certificate) => one.checkIssued(by) && one.verify(by.publicKey);
  for (const [index, one] of chain.entries()) {
    if (authorities.some((authority) => signed(one, authority))) return true;
    const next = chain[index + 1];
    if (!next || !signed(one, next)) return false;
  }
  return false;
}

/** `CN=a\nO=b` in one line. */
const nameOf = (distinguished: string): string => distinguished.split("\n").join(", ");

const wrong = (field: keyof CertificateFiles, file: string, message: string): ConfigurationError =>
  new ConfigurationError("configuration", [{ field: `tls.${field}`, message: `${file} ${message}` }]);
