import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The lane's arguments come by the command line here. On a Bottlerocket node some come by a bootconfig at the end of
 * the initramfs, which Debian's kernels do not read ("CONFIG_BOOT_CONFIG is not set" in config-6.1.0-*-cloud-amd64):
 * that channel is not tried by this test.
 */

/** Kernel options without which the lane's arguments would be inert. */
const NEEDED_OPTIONS = ["NO_HZ_FULL", "RCU_NOCB_CPU", "CPU_ISOLATION", "HUGETLBFS", "CPUSETS", "TRANSPARENT_HUGEPAGE"];

export interface Kernel {
  readonly image: string;
  /** `6.1.0-56-cloud-amd64` */
  readonly release: string;
}

/** The kernel that install.sh unpacked, or why there is none to boot. */
export function findKernel(): Kernel | string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "hft-platform/kernel/boot");
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return `no kernel in ${folder}; run test/boot/install.sh`;
  }
  const image = files.find((file) => file.startsWith("vmlinuz-"));
  if (!image) return `no kernel in ${folder}; run test/boot/install.sh`;
  const release = image.replace("vmlinuz-", "");
  const options = readFileSync(join(folder, `config-${release}`), "utf8").split("\n");
  const missing = NEEDED_OPTIONS.filter((option) => !options.includes(`CONFIG_${option}=y`));
  if (missing.length > 0) return `kernel ${release} is built without ${missing.join(", ")}; choose another one`;
  return { image: join(folder, image), release };
}
