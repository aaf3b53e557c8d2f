import { formatArgument, hugepageArguments, type KubeletSettings, LANE_SYSCTLS, type Lane } from "../../../vocabulary";

/** nodeadm's NodeConfig as far as a lane fills it in; EKS merges its own with the cluster's name and endpoint. */
interface NodeConfig {
  readonly apiVersion: "node.eks.aws/v1alpha1";
  readonly kind: "NodeConfig";
  readonly spec: { readonly kubelet: { readonly config: KubeletSettings & ReservedCgroups } };
}

/**
 * nodeadm names cgroups for what is reserved, and a kubelet with `reservedSystemCPUs` refuses to start with them
 * (awslabs/amazon-eks-ami#1334, #2794).
 */
interface ReservedCgroups {
  readonly systemReservedCgroup: "";
  readonly kubeReservedCgroup: "";
}

function nodeConfig(lane: Lane): NodeConfig {
  const config = { ...lane.kubelet, systemReservedCgroup: "", kubeReservedCgroup: "" } as const;
  return { apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig", spec: { kubelet: { config } } };
}

const BOUNDARY = "hft-lane";
/** Variable of the boot hook that holds all kernel arguments. */
export const KERNEL_ARGUMENTS_VARIABLE = "kernel_arguments";

/** MIME text for a launch template: the boot hook runs before nodeadm starts the kubelet. JSON is YAML too. */
export function al2023UserData(lane: Lane): string {
  return [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    "",
    ...part("text/cloud-boothook; charset=us-ascii", bootHook(lane)),
    ...part("application/node.eks.aws", JSON.stringify(nodeConfig(lane), null, 2)),
    `--${BOUNDARY}--`,
    "",
  ].join("\n");
}

function part(contentType: string, content: string): string[] {
  return [`--${BOUNDARY}`, `Content-Type: ${contentType}`, "", content, ""];
}

/**
 * Writes what must be known before the kubelet runs, and reboots once when the kernel was started without it.
 * ENA's interrupts go to the system's CPUs: the driver spreads its queues over all of them, whatever `irqaffinity`
 * says.
 */
function bootHook(lane: Lane): string {
  const given = [...lane.kernelArguments, ...hugepageArguments(lane.hugepages)];
  return `#!/bin/bash
set -euo pipefail
${KERNEL_ARGUMENTS_VARIABLE}="${given.map(formatArgument).join(" ")}"
cat > /etc/sysctl.d/90-hft-lane.conf <<'END'
${Object.entries(LANE_SYSCTLS)
  .map(([name, value]) => `${name} = ${value}`)
  .join("\n")}
END
sysctl --load=/etc/sysctl.d/90-hft-lane.conf
${steerNetworkInterrupts(lane)}
missing=0
for argument in $${KERNEL_ARGUMENTS_VARIABLE}; do
  grep -qwF -- "$argument" /proc/cmdline || missing=1
done
if [ "$missing" = 1 ] && [ ! -e /var/lib/hft-lane-rebooted ]; then
  touch /var/lib/hft-lane-rebooted
  grubby --update-kernel=ALL --args="$${KERNEL_ARGUMENTS_VARIABLE}"
  sed -i "s|^GRUB_CMDLINE_LINUX=.|&$${KERNEL_ARGUMENTS_VARIABLE} |" /etc/default/grub
  systemctl reboot
fi`;
}

function steerNetworkInterrupts({ partition: { reserved } }: Lane): string {
  return `for device in /sys/class/net/*; do
  name=$(basename "$device")
  [ "$(basename "$(readlink "$device/device/driver" 2>/dev/null || true)")" = ena ] || continue
  ethtool -L "$name" combined ${reserved.count} || true
  ethtool -C "$name" adaptive-rx off rx-usecs 0 tx-usecs 0 || true
  for interrupt in "$device"/device/msi_irqs/*; do
    echo ${reserved} > "/proc/irq/$(basename "$interrupt")/smp_affinity_list" || true
  done
done`;
}
