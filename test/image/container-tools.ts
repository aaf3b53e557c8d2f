import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Programs that build and run the image, with the Debian package of each; `install.sh` installs them. */
export const TOOLS: Readonly<Record<string, string>> = {
  buildah: "buildah",
  podman: "podman",
  runc: "runc",
  mmdebstrap: "mmdebstrap",
};

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

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
    const { exitCode, stdout, stderr } = this.tryPodman(...args);
    if (exitCode !== 0) throw new Error(`podman ${args.join(" ")}\n${lastLines(stdout)}\n${lastLines(stderr)}`);
    return stdout.trim();
  }

  /** A build takes minutes, most of them waiting: two may run at once. */
  async buildah(...args: string[]): Promise<void> {
    try {
      await promisify(execFile)("buildah", [...this.store, ...args], {
        env: this.environment,
        maxBuffer: OUTPUT_MAX_BYTES,
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`buildah ${args.join(" ")}\n${lastLines(stdout)}\n${lastLines(stderr)}`);
    }
  }

  /** Runs to its end, whatever that is. */
  tryPodman(...args: string[]): Ended {
    const { status, stdout, stderr, error } = spawnSync("podman", [...this.store, ...args], {
      env: this.environment,
      encoding: "utf8",
      maxBuffer: OUTPUT_MAX_BYTES,
    });
    if (error) throw error;
    return { exitCode: status ?? 1, stdout, stderr };
  }

  /** Copying whole file systems is the way that works everywhere; layers over each other are the quick one. */
  private driver(places: readonly string[]): string {
    const { status } = spawnSync("podman", [...places, "--storage-driver", "overlay", "info"], {
      env: this.environment,
    });
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
    const allowed = Number(execFileSync("bash", ["-c", `ulimit -H ${option}`], { encoding: "utf8" }));
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

const lastLines = (text: string) => text.trimEnd().split("\n").slice(-20).join("\n");
