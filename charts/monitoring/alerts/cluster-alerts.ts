import { NAMESPACES } from "../../namespaces";
import { KUBELET, KUBERNETES, NODE, PROBE, PROMETHEUS_ITSELF, PUBLIC_PROBE } from "../metrics";
import { type Alert, minutes } from "./alert";

const OURS = `namespace=~"${Object.keys(NAMESPACES).join("|")}"`;

export interface ClusterMonitoring {
  /** Whether the environment has pages of its own. */
  readonly frontend: boolean;
}

/** What has to be scraped in every region, by namespace; a monitor names its job after the workload. */
export function scrapedWorkloads({ frontend }: ClusterMonitoring): Readonly<Record<string, readonly string[]>> {
  return {
    trading: ["engine"],
    front: [...(frontend ? ["frontend"] : []), "gateway"],
    "node-agents": ["clock-exporter", "log-shipper"],
  };
}

const scrapedJobs = (monitoring: ClusterMonitoring): string[] => [
  ...Object.entries(scrapedWorkloads(monitoring)).flatMap(([namespace, names]) =>
    names.map((name) => `namespace="${namespace}", job="${name}"`),
  ),
  `job="${PUBLIC_PROBE}"`,
];

/** A node's name beside its exporter's series; nodes of engines spin on purpose and are left out. */
const onOrdinaryNodes = (ratio: string) =>
  `(${ratio}) * on (instance) group_left (nodename) ${NODE.name} ` +
  `unless on (nodename) label_replace(${KUBERNETES.podInfo}{namespace="trading", pod=~"engine-.+"}, "nodename", "$1", "node", "(.+)")`;

/** Pods, nodes and disks. */
export function clusterAlerts(monitoring: ClusterMonitoring): Alert[] {
  return [...pods(), ...nodes(), ...reachability(monitoring)];
}

function pods(): Alert[] {
  return [
    {
      name: "CrashLoop",
      severity: "critical",
      component: "kubernetes",
      expr: `max by (namespace, pod, container) (${KUBERNETES.waitingReason}{${OURS}, reason="CrashLoopBackOff"}) == 1`,
      forSeconds: minutes(2),
      summary: "{{ $labels.container }} in {{ $labels.namespace }}/{{ $labels.pod }} keeps crashing",
      meaning: "A container crashes repeatedly; its last log lines say why.",
    },
    {
      name: "ContainerMemoryHigh",
      severity: "warning",
      component: "kubernetes",
      expr:
        `max by (namespace, pod, container) (${KUBELET.memoryWorkingSet}{${OURS}, container!=""}) ` +
        `/ max by (namespace, pod, container) (${KUBERNETES.resourceLimits}{${OURS}, resource="memory"}) > 0.9`,
      forSeconds: minutes(10),
      summary:
        "{{ $labels.container }} in {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit",
      meaning: "At the limit the kernel kills it. Raise the limit, or find the leak.",
    },
    {
      name: "DeploymentIncomplete",
      severity: "warning",
      component: "kubernetes",
      expr: `${KUBERNETES.deploymentReplicas}{${OURS}} - ${KUBERNETES.deploymentAvailable}{${OURS}} > 0`,
      forSeconds: minutes(15),
      summary: "{{ $labels.deployment }} lacks {{ $value }} replicas",
      meaning: "New pods do not become ready, or no node has room for them.",
    },
    {
      name: "EngineIncomplete",
      severity: "critical",
      component: "engine",
      expr: `${KUBERNETES.statefulSetReplicas}{namespace="trading"} - ${KUBERNETES.statefulSetReady}{namespace="trading"} > 0`,
      forSeconds: minutes(10),
      summary: "{{ $value }} engines are not ready",
      meaning: "An engine replays its journal for too long, cannot attach its disk, or has lost its node.",
    },
    {
      name: "AutoscalerAtMaximum",
      severity: "warning",
      component: "kubernetes",
      expr: `${KUBERNETES.autoscalerReplicas}{${OURS}} >= ${KUBERNETES.autoscalerMax}{${OURS}}`,
      forSeconds: minutes(15),
      summary: "{{ $labels.horizontalpodautoscaler }} has reached its maximum number of pods",
      meaning: "If the load increases, no more pods are added.",
    },
    {
      name: "VolumeAlmostFull",
      severity: "critical",
      component: "kubernetes",
      expr:
        `min by (namespace, persistentvolumeclaim) (${KUBELET.volumeAvailable}{${OURS}} ` +
        `/ ${KUBELET.volumeCapacity}{${OURS}}) < 0.1`,
      forSeconds: minutes(5),
      summary: "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left",
      meaning: "A full journal disk stops the engine: it accepts nothing that it cannot make durable.",
    },
  ];
}

function nodes(): Alert[] {
  return [
    {
      name: "NodeCpuHigh",
      severity: "warning",
      component: "node",
      expr: `(${onOrdinaryNodes(`1 - avg by (instance) (rate(${NODE.cpuSeconds}{mode="idle"}[5m]))`)}) > 0.8`,
      forSeconds: minutes(10),
      summary: "The CPUs of {{ $labels.nodename }} are {{ $value | humanizePercentage }} busy",
      meaning: "Pods on this node are slowed down; the autoscaler should have added a node.",
    },
    {
      name: "NodeMemoryHigh",
      severity: "warning",
      component: "node",
      expr: `(${onOrdinaryNodes(`1 - ${NODE.memoryAvailable} / ${NODE.memoryTotal}`)}) > 0.85`,
      forSeconds: minutes(10),
      summary: "{{ $labels.nodename }} uses {{ $value | humanizePercentage }} of its memory",
      meaning: "If usage rises further, the kubelet evicts pods.",
    },
    {
      name: "NodeDiskLow",
      severity: "critical",
      component: "node",
      expr:
        `min by (instance, mountpoint) (${NODE.diskAvailable}{fstype!~"tmpfs|overlay|squashfs"} ` +
        `/ ${NODE.diskSize}{fstype!~"tmpfs|overlay|squashfs"}) < 0.1`,
      forSeconds: minutes(5),
      summary: "{{ $labels.mountpoint }} on {{ $labels.instance }} has {{ $value | humanizePercentage }} left",
      meaning: "When the disk is full, pods are evicted and images cannot be pulled.",
    },
    {
      name: "NodeNotReady",
      severity: "critical",
      component: "node",
      expr: `max by (node) (${KUBERNETES.nodeCondition}{condition="Ready", status="true"} == bool 0) == 1`,
      forSeconds: minutes(5),
      summary: "{{ $labels.node }} is not ready",
      meaning:
        "Its pods are rescheduled after a while; an engine's disk is detached only once the node is confirmed to be gone.",
    },
  ];
}

function reachability(monitoring: ClusterMonitoring): Alert[] {
  return [
    {
      name: "TargetDown",
      severity: "critical",
      component: "monitoring",
      // The monitors put the node's name on each target, so that a node that is gone explains its targets. A target
      // that vanishes takes its series with it: that a job has none at all is asked apart.
      expr: [
        `max by (namespace, job, instance, node) (${PROMETHEUS_ITSELF.up}{${OURS}} == bool 0) == 1`,
        ...scrapedJobs(monitoring).map((job) => `absent(${PROMETHEUS_ITSELF.up}{${job}})`),
      ].join(" or "),
      forSeconds: minutes(5),
      summary: "{{ $labels.job }}{{ with $labels.instance }} at {{ . }}{{ end }} cannot be scraped",
      meaning: "Either it is down or it cannot be monitored; its alerts do not fire.",
    },
    {
      name: "PublicEndpointDown",
      severity: "critical",
      component: "edge",
      expr: `max by (instance) (${PROBE.success} == bool 0) == 1`,
      forSeconds: minutes(1),
      summary: "{{ $labels.instance }} does not respond as expected",
      meaning: "Users cannot reach the platform: DNS, Cloudflare, the load balancer or the gateway.",
    },
    {
      name: "PublicEndpointSlow",
      severity: "warning",
      component: "edge",
      expr: `max by (instance) (avg_over_time(${PROBE.seconds}[5m])) > 2`,
      forSeconds: minutes(5),
      summary: "{{ $labels.instance }} takes {{ $value | humanizeDuration }}",
      meaning: "The public endpoint works but is slow.",
    },
    {
      name: "PublicCertificateExpiring",
      severity: "critical",
      component: "edge",
      expr: `min by (instance) (${PROBE.certificateExpiry}) - time() < 604800`,
      forSeconds: minutes(10),
      summary: "The public certificate of {{ $labels.instance }} expires in {{ $value | humanizeDuration }}",
      meaning: "Cloudflare normally renews it weeks before it expires; something prevents the renewal.",
    },
  ];
}
