import type { SecureContextOptions } from "node:tls";
import { type CertificateFiles, readIdentity, type TlsIdentity } from "./certificate-files";

/** Where it reports what became of a rotation. */
export interface WatchReports {
  onChange?(options: SecureContextOptions): void;
  /** Said once for each kind of failure; the identity from before stays in use. */
  onProblem?(message: string): void;
}

/**
 * An engine's certificate as it is now: read at the start, and again whenever the files change. They are looked at
 * again and again, because a kubelet swaps a symbolic link above them, which events of the file system report on some
 * machines only.
 */
export class CertificateWatch {
  private identity: TlsIdentity;
  private readonly timer: NodeJS.Timeout;
  private said = "";

  /** Throws when the files cannot be used. */
  constructor(
    private readonly files: CertificateFiles,
    private readonly reports: WatchReports = {},
  ) {
    this.identity = readIdentity(files);
    this.timer = setInterval(() => this.look(), files.lookEverySeconds * 1_000).unref();
  }

  get notAfterSeconds(): number {
    return this.identity.notAfterMs / 1_000;
  }

  get options(): SecureContextOptions {
    return this.identity.options;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Takes the files over when they have changed and fit together. */
  look(): void {
    try {
      const read = readIdentity(this.files);
      this.said = "";
      if (same(read, this.identity)) return;
      this.identity = read;
      this.reports.onChange?.(this.options);
    } catch (error) {
      const { message } = error as Error;
      if (message === this.said) return;
      this.said = message;
      this.reports.onProblem?.(`${message}; the previous certificate stays in use`);
    }
  }
}

const same = (a: TlsIdentity, b: TlsIdentity): boolean =>
  a.options.cert === b.options.cert && a.options.key === b.options.key && a.options.ca.join() === b.options.ca.join();
