import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newDirectory } from "@hft/engine/testing/server-process";
import { MountedFiles, MountedIdentity, TestAuthority } from "@hft/engine/testing/test-authority";
import type { TestUpstreams } from "../../charts/testing/real-nginx";

/** Name that the gateway knows engines by. */
export const ENGINE_NAME = "engine.trading.svc.cluster.local";

/** What engines and the gateway have mounted, and what changes under them. */
export class EngineCertificates {
  readonly authority: TestAuthority;
  private readonly directory = newDirectory("engine-certificates");
  private readonly engine = new MountedIdentity(join(this.directory, "engine"));
  private readonly gateway = new MountedFiles(join(this.directory, "gateway"));

  constructor() {
    // Workers of nginx run as another user, and read certificates at each handshake.
    chmodSync(this.directory, 0o755);
    this.authority = this.newAuthority("Internal authority");
    this.issue(this.authority, [this.authority]);
    this.believe([this.authority]);
  }

  get files() {
    return this.engine.files;
  }

  get engineTls(): NonNullable<TestUpstreams["engineTls"]> {
    return { name: ENGINE_NAME, authoritiesDirectory: join(this.gateway.folder, "authorities") };
  }

  newAuthority(name: string): TestAuthority {
    return new TestAuthority(this.directory, name);
  }

  /** Gives the engines another certificate, and the authorities that they believe. */
  issue(authority: TestAuthority, believed: readonly TestAuthority[], name = ENGINE_NAME): void {
    this.engine.place(authority.issue({ names: [name] }), believed);
  }

  /** Lets the gateway believe these, and no other. */
  believe(authorities: readonly TestAuthority[]): void {
    const entries = authorities.map(({ certificate }, index) => [`authorities/${index}.crt`, certificate]);
    this.gateway.place(Object.fromEntries(entries));
  }

  /** What is in the gateway's folder is no certificate. */
  spoilBelieved(): void {
    this.gateway.place({ "authorities/0.crt": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
