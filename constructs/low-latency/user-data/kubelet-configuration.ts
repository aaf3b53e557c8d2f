import { z } from "zod";

/** A quantity of memory as lanes write it. */
const memory = z.string().regex(/^\d+(Ki|Mi|Gi)$/, 'a quantity such as "731Mi"');
const reservation = z.looseObject({ memory });

/**
 * KubeletConfiguration, kubelet.config.k8s.io/v1beta1: forms of the fields that a lane decides. Other fields pass when
 * the kubelet knows them. One that it does not know is an error here: the kubelet itself falls back to lenient decoding
 * and goes on without. Sources: k8s.io/kubelet v0.35.0, config/v1beta1/types.go; kubernetes 1.35,
 * pkg/kubelet/kubeletconfig/util/codec.
 */
export const kubeletConfigurationSchema = z
  .looseObject({
    maxPods: z.number().int().positive().optional(),
    cpuManagerPolicy: z.enum(["none", "static"]).optional(),
    cpuManagerPolicyOptions: z.record(z.string(), z.enum(["true", "false"])).optional(),
    reservedSystemCPUs: z.string().optional(),
    topologyManagerPolicy: z.enum(["none", "best-effort", "restricted", "single-numa-node"]).optional(),
    topologyManagerScope: z.enum(["container", "pod"]).optional(),
    memoryManagerPolicy: z.enum(["None", "Static"]).optional(),
    reservedMemory: z
      .array(z.strictObject({ numaNode: z.number().int().nonnegative(), limits: z.strictObject({ memory }) }))
      .optional(),
    kubeReserved: reservation.optional(),
    systemReserved: reservation.optional(),
    evictionHard: z.record(z.string(), z.string()).optional(),
    systemReservedCgroup: z.string().optional(),
    kubeReservedCgroup: z.string().optional(),
  })
  .check(({ value, issues }) => {
    for (const field of Object.keys(value).filter((name) => !KUBELET_FIELDS.has(name))) {
      issues.push({ code: "custom", path: [field], message: "is no field of KubeletConfiguration", input: field });
    }
  });

export type KubeletConfiguration = z.output<typeof kubeletConfigurationSchema>;

const KUBELET_FIELDS: ReadonlySet<string> = new Set(
  `address allowedUnsafeSysctls apiVersion authentication authorization cgroupDriver cgroupRoot cgroupsPerQOS clusterDNS
  clusterDomain configMapAndSecretChangeDetectionStrategy containerLogMaxFiles containerLogMaxSize containerLogMaxWorkers
  containerLogMonitorInterval containerRuntimeEndpoint contentType cpuCFSQuota cpuCFSQuotaPeriod cpuManagerPolicy
  cpuManagerPolicyOptions cpuManagerReconcilePeriod crashLoopBackOff enableContentionProfiling
  enableControllerAttachDetach enableDebugFlagsHandler enableDebuggingHandlers enableProfilingHandler enableServer
  enableSystemLogHandler enableSystemLogQuery enforceNodeAllocatable eventBurst eventRecordQPS evictionHard
  evictionMaxPodGracePeriod evictionMinimumReclaim evictionPressureTransitionPeriod evictionSoft evictionSoftGracePeriod
  failCgroupV1 failSwapOn featureGates fileCheckFrequency hairpinMode healthzBindAddress healthzPort httpCheckFrequency
  imageGCHighThresholdPercent imageGCLowThresholdPercent imageMaximumGCAge imageMinimumGCAge
  imagePullCredentialsVerificationPolicy imageServiceEndpoint iptablesDropBit iptablesMasqueradeBit
  kernelMemcgNotification kind kubeAPIBurst kubeAPIQPS kubeReserved kubeReservedCgroup kubeletCgroups
  localStorageCapacityIsolation logging makeIPTablesUtilChains maxOpenFiles maxParallelImagePulls maxPods
  memoryManagerPolicy memorySwap memoryThrottlingFactor mergeDefaultEvictionSettings nodeLeaseDurationSeconds
  nodeStatusMaxImages nodeStatusReportFrequency nodeStatusUpdateFrequency oomScoreAdj podCIDR podLogsDir podPidsLimit
  podsPerCore port preloadedImagesVerificationAllowlist protectKernelDefaults providerID qosReserved readOnlyPort
  registerNode registerWithTaints registryBurst registryPullQPS reservedMemory reservedSystemCPUs resolvConf
  rotateCertificates runOnce runtimeRequestTimeout seccompDefault serializeImagePulls serverTLSBootstrap
  showHiddenMetricsForVersion shutdownGracePeriod shutdownGracePeriodByPodPriority shutdownGracePeriodCriticalPods
  singleProcessOOMKill staticPodPath staticPodURL staticPodURLHeader streamingConnectionIdleTimeout syncFrequency
  systemCgroups systemReserved systemReservedCgroup tlsCertFile tlsCipherSuites tlsMinVersion tlsPrivateKeyFile
  topologyManagerPolicy topologyManagerPolicyOptions topologyManagerScope tracing userNamespaces volumePluginDir
  volumeStatsAggPeriod`.split(/\s+/),
);
