/**
 * Kernel settings of a lane's nodes that can be changed while it runs.
 * - Socket buffers, queues of connections and inotify watches: sizes for bursts of market data and many clients.
 * - `vm.stat_interval`: counters are folded once a minute, since each time every CPU is interrupted, isolated ones too.
 */
export const LANE_SYSCTLS: Readonly<Record<string, string>> = {
  "net.core.rmem_max": "134217728",
  "net.core.wmem_max": "134217728",
  "net.core.somaxconn": "65535",
  "net.ipv4.tcp_max_syn_backlog": "65535",
  "fs.inotify.max_user_watches": "524288",
  "fs.inotify.max_user_instances": "8192",
  "vm.stat_interval": "60",
};

/**
 * Amazon's time source inside every VPC: no network between it and the node, smeared like UTC in all regions. AL2023
 * comes with it; Bottlerocket asks the public pool unless it is named.
 */
export const AMAZON_TIME_SERVER = "169.254.169.123";
