import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { toolOutput } from "@hft/testing";
import type { CertificateFiles } from "../tls/certificate-files";

const EC_KEY = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

export interface Issue {
  /** Names that the certificate is for; one that begins with a digit is an address. */
  readonly names: readonly string[];
  /** Days from now to its end; a certificate that has ended has a negative number. @default 1 */
  readonly days?: number;
  /** @default both sides of a connection */
  readonly usages?: string;
}

export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** For tests: an authority of openssl's making, which issues certificates and is renewed with the same key. */
export class TestAuthority {
  certificate = "";
  private readonly folder: string;

  constructor(
    parent: string,
    private readonly name = "Test authority",
  ) {
    this.folder = mkdtempSync(join(parent, "authority-"));
    this.openssl("genpkey", ...EC_KEY, "-out", "ca.key");
    this.renew();
  }

  /** A new certificate with the old key: what was signed before stays good. */
  renew(): void {
    const usages = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    this.openssl(
      "req",
      "-x509",
      "-key",
      "ca.key",
      "-days",
      "2",
      "-subj",
      `/CN=${this.name}`,
      ...usages,
      "-out",
      "ca.pem",
    );
    this.certificate = readFileSync(join(this.folder, "ca.pem"), "utf8");
  }

  issue({ names, days = 1, usages = "serverAuth,clientAuth" }: Issue): IssuedCertificate {
    const alternatives = names.map((name) => `${/^\d/.test(name) ? "IP" : "DNS"}:${name}`).join(",");
    const extensions = `subjectAltName=${alternatives}\nextendedKeyUsage=${usages}\n`;
    writeFileSync(join(this.folder, "extensions"), extensions);
    this.openssl("genpkey", ...EC_KEY, "-out", "own.key");
    this.openssl("req", "-new", "-key", "own.key", "-subj", `/CN=${names[0]}`, "-out", "own.csr");
    const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
    this.openssl("x509", "-req", "-in", "own.csr", ...signing, "-days", String(days), "-out", "own.pem");
    const read = (file: string) => readFileSync(join(this.folder, file), "utf8");
    return { certificate: read("own.pem"), key: read("own.key") };
  }

  private openssl(...args: string[]): void {
    toolOutput("openssl", args, { cwd: this.folder });
  }
}

/**
 * A folder of files that are replaced all at once, as the kubelet does it with a mounted Secret: by one rename of a
 * link.
 */
export class MountedFiles {
  private version = 0;

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** @param files content by path */
  place(files: Readonly<Record<string, string>>): void {
    const before = `..${this.version}`;
    this.version += 1;
    const now = `..${this.version}`;
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, now, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    symlinkSync(now, join(this.folder, "..data_tmp"));
    renameSync(join(this.folder, "..data_tmp"), join(this.folder, "..data"));
    for (const top of new Set(Object.keys(files).map((path) => path.split("/")[0]!))) {
      const link = join(this.folder, top);
      rmSync(link, { force: true });
      symlinkSync(join("..data", top), link);
    }
    rmSync(join(this.folder, before), { recursive: true, force: true });
  }
}

/** An engine's mounted certificate and authorities. */
export class MountedIdentity {
  private readonly mounted: MountedFiles;

  constructor(folder: string) {
    this.mounted = new MountedFiles(folder);
  }

  get files(): CertificateFiles {
    const at = (name: string) => join(this.mounted.folder, name);
    return {
      certificateFile: at("tls.crt"),
      keyFile: at("tls.key"),
      authoritiesDirectory: at("authorities"),
      lookEverySeconds: 1,
    };
  }

  place({ certificate, key }: IssuedCertificate, authorities: readonly TestAuthority[]): void {
    this.mounted.place({
      "tls.crt": certificate,
      "tls.key": key,
      ...Object.fromEntries(authorities.map((authority, index) => [`authorities/${index}.crt`, authority.certificate])),
    });
  }
}
