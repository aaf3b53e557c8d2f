import { z } from "zod";

/**
 * Bottlerocket's settings as far as user data of a node pool may use them. Bottlerocket refuses to start with a setting
 * that it does not know, so every group is closed.
 * Sources: Bottlerocket 1.65 settings reference (bottlerocket.dev, "API > Settings"): groups boot, kernel, kubernetes,
 * ntp; bottlerocket-settings-sdk (commit 2363566), settings-extensions/kubernetes, `KubernetesSettingsV1`.
 */
const memory = z.string().regex(/^\d+(Ki|Mi|Gi)$/, 'a quantity such as "731Mi"');
const resources = z.strictObject({
  cpu: z.string().optional(),
  memory: memory.optional(),
  "ephemeral-storage": z.string().optional(),
  pid: z.string().optional(),
});
const pageCount = z.string().regex(/^\d+$/, 'a count in quotes such as "512"');
const parameters = z.record(z.string().regex(/^[\w.-]+$/, "a kernel parameter's name"), z.array(z.string()));

/** Settings of the kubernetes group whose form a lane does not depend on. */
const OTHER_KUBERNETES_SETTINGS =
  `allowed-unsafe-sysctls api-server authentication-mode bootstrap-token cloud-provider cluster-certificate cluster-dns-ip
  cluster-domain cluster-name container-log-max-files container-log-max-size container-log-max-workers
  container-log-monitor-interval cpu-cfs-quota-enforced cpu-manager-reconcile-period credential-providers
  device-ownership-from-security-context event-burst event-qps eviction-max-pod-grace-period eviction-soft
  eviction-soft-grace-period hostname-override hostname-override-source ids-per-pod image-gc-high-threshold-percent
  image-gc-low-threshold-percent image-maximum-gc-age image-minimum-gc-age kube-api-burst kube-api-qps log-level
  max-parallel-image-pulls memory-swap-behavior node-ip node-labels node-taints pod-infra-container-image pod-pids-limit provider-id
  registry-burst registry-qps seccomp-default server-certificate server-key server-tls-bootstrap shutdown-grace-period
  shutdown-grace-period-for-critical-pods single-process-oom-kill standalone-mode static-pods static-pods-enabled
  topology-manager-policy-options`.split(/\s+/);

const kubernetes = z.strictObject({
  ...Object.fromEntries(OTHER_KUBERNETES_SETTINGS.map((name) => [name, z.unknown().optional()])),
  "max-pods": z.number().int().positive().optional(),
  "cpu-manager-policy": z.enum(["none", "static"]).optional(),
  "cpu-manager-policy-options": z.array(z.enum(["full-pcpus-only"])).optional(),
  // Pasted into YAML without quotes, where digits alone are a number that the kubelet refuses.
  "reserved-cpus": z.string().regex(/[-,]/, 'a list that is no number, such as "0-0"').optional(),
  "topology-manager-policy": z.enum(["none", "restricted", "best-effort", "single-numa-node"]).optional(),
  "topology-manager-scope": z.enum(["container", "pod"]).optional(),
  "memory-manager-policy": z.enum(["None", "Static"]).optional(),
  "memory-manager-reserved-memory": z
    .record(z.string().regex(/^\d+$/, "a NUMA node"), z.strictObject({ enabled: z.boolean(), memory }))
    .optional(),
  "kube-reserved": resources.optional(),
  "system-reserved": resources.optional(),
  "eviction-hard": z
    .partialRecord(
      z.enum([
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
        "imagefs.available",
        "imagefs.inodesFree",
        "pid.available",
      ]),
      z.string().regex(/^(\d+(\.\d+)?%|\d+(Ki|Mi|Gi))$/, 'a threshold such as "100Mi" or "10%"'),
    )
    .optional(),
});

export const bottlerocketSchema = z.strictObject({
  settings: z.strictObject({
    boot: z
      .strictObject({
        "reboot-to-reconcile": z.boolean().optional(),
        "kernel-parameters": parameters.optional(),
        "init-parameters": parameters.optional(),
      })
      .optional(),
    kernel: z
      .strictObject({
        lockdown: z.enum(["none", "integrity", "confidentiality"]).optional(),
        modules: z.record(z.string(), z.unknown()).optional(),
        hugepages: z
          .strictObject({
            static: z
              .strictObject({
                essential: z.boolean().optional(),
                "2Mi": z.strictObject({ count: pageCount }).optional(),
                "1Gi": z.strictObject({ count: pageCount }).optional(),
              })
              .optional(),
            transparent: z.strictObject({ enabled: z.string().optional(), defrag: z.string().optional() }).optional(),
          })
          .optional(),
        sysctl: z.record(z.string().regex(/^[\w./-]+$/, "a sysctl's name"), z.string()).optional(),
      })
      .optional(),
    kubernetes: kubernetes.optional(),
    ntp: z.strictObject({ "time-servers": z.array(z.string()).min(1) }).optional(),
  }),
});
