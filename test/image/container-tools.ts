import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProgramResult, programOutput, programOutputSync, runProgramSync } from "@hft/toolkit";

/** Programs that build and run the image, with the Debian package of each; `install.sh` installs them. */
export const TOOLS: Readonly<Record<string, string>> = {
  buildah: "buildah",
  podman: "podman",
  runc: "runc",
  mmdebstrap: "mmdebstrap",
};

/**
 * Podman and buildah over a store of their own: what the machine's user keeps in theirs is neither seen nor touched.
 */
export class ContainerTools {
  private readonly environment: NodeJS.ProcessEnv;
  private readonly store: readonly string[];

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    const settings = join(directory, "containers.conf");
    writeFileSync(settings, settingsOf());
    this.environment = { ...process.env, CONTAINERS_CONF: settings };
    const places = ["--root", join(directory, "store"), "--runroot", join(directory, "run")];
    this.store = [...places, "--storage-driver", this.driver(places)];
  }

  podman(...args: string[]): string {
    return programOutputSync("podman", [...this.store, ...args], { env: this.environment }).trim();
  }

  /** A build takes minutes, most of them waiting: two may run at once. */
  async buildah(...args: string[]): Promise<void> {
    await programOutput("buildah", [...this.store, ...args], { env: this.environment });
  }

  /** Runs to its end, whatever that is. */
  tryPodman(...args: string[]): ProgramResult {
    return runProgramSync("podman", [...this.store, ...args], { env: this.environment });
  }

  /** Copying whole file systems is the way that works everywhere; layers over each other are the quick one. */
  private driver(places: readonly string[]): string {
    const asked = [...places, "--storage-driver", "overlay", "info"];
    const { status } = runProgramSync("podman", asked, { env: this.environment });
    return status === 0 ? "overlay" : "vfs";
  }
}

/**
 * Open files and processes of a container, where this machine allows as many. Podman would ask for more than some do.
 */
const LIMITS = { nofile: ["-n", 65_536], nproc: ["-u", 16_384] } as const;

/** runc is what containerd runs on the nodes. */
function settingsOf(): string {
  const limits = Object.entries(LIMITS).map(([name, [option, wanted]]) => {
    const allowed = Number(programOutputSync("bash", ["-c", `ulimit -H ${option}`]));
    const limit = Number.isNaN(allowed) ? wanted : Math.min(wanted, allowed);
    return `"${name}=${limit}:${limit}"`;
  });
  return [
    "[containers]",
    `default_ulimits = [${limits.join(", ")}]`,
    "[engine]",
    'runtime = "runc"',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    "",
  ].join("\n");
}
