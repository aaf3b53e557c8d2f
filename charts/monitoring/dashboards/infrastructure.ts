import { CLOCK, ENGINE, KUBELET, KUBERNETES, NODE, OPERATORS } from "../metrics";
import { ratioRecord } from "../objectives";
import type { DashboardSpec, PanelSpec } from "./dashboard";

/** Nodes, pods, disks, clocks and what would be lost in a disaster. */
export function infrastructureDashboard(): DashboardSpec {
  return {
    uid: "hft-infrastructure",
    title: "Infrastructure",
    refresh: "10s",
    panels: [...nodes(), ...pods(), ...recovery()],
  };
}

function nodes(): PanelSpec[] {
  return [
    {
      title: "CPU of nodes",
      description: "Nodes of engines are busy on purpose: their matching thread never sleeps.",
      unit: "ratio",
      limit: 0.8,
      queries: [{ expr: `1 - avg by (instance) (rate(${NODE.cpuSeconds}{mode="idle"}[5m]))`, legend: "{{instance}}" }],
    },
    {
      title: "Memory of nodes",
      description: "Without what the kernel could give back at once.",
      unit: "ratio",
      limit: 0.85,
      queries: [{ expr: `1 - ${NODE.memoryAvailable} / ${NODE.memoryTotal}`, legend: "{{instance}}" }],
    },
    {
      title: "Network of nodes",
      description: "Received and sent, over all interfaces.",
      unit: "bytesPerSecond",
      queries: [
        { expr: `sum by (instance) (rate(${NODE.networkReceived}[5m]))`, legend: "{{instance}} received" },
        { expr: `sum by (instance) (rate(${NODE.networkSent}[5m]))`, legend: "{{instance}} sent" },
      ],
    },
    {
      title: "Clocks of the engines' nodes",
      description: "Offset from UTC as chrony sees it. MiFID II allows 100 µs.",
      unit: "seconds",
      limit: 100e-6,
      queries: [{ expr: `abs(${CLOCK.offset})`, legend: "{{node}}" }],
    },
  ];
}

function pods(): PanelSpec[] {
  return [
    {
      title: "CPU of pods",
      description: "Cores in use by workload.",
      unit: "count",
      queries: [
        {
          expr: `sum by (namespace, pod) (rate(${KUBELET.cpuSeconds}{namespace=~"trading|front", container!=""}[5m]))`,
          legend: "{{pod}}",
        },
      ],
    },
    {
      title: "Space left on journals' disks",
      description: "An engine stops when its journal's disk is full.",
      unit: "ratio",
      queries: [
        {
          expr: `min by (persistentvolumeclaim) (${KUBELET.volumeAvailable}{namespace="trading"} / ${KUBELET.volumeCapacity}{namespace="trading"})`,
          legend: "{{persistentvolumeclaim}}",
        },
      ],
    },
    {
      title: "Replicas",
      description: "What autoscalers have made of the load.",
      unit: "count",
      queries: [
        { expr: `${KUBERNETES.autoscalerReplicas}{namespace="front"}`, legend: "{{horizontalpodautoscaler}}" },
        { expr: `${KUBERNETES.statefulSetReady}{namespace="trading"}`, legend: "{{statefulset}} ready" },
      ],
    },
  ];
}

function recovery(): PanelSpec[] {
  return [
    {
      title: "What a disaster would cost",
      description: "How far the standby and the stores are behind.",
      unit: "seconds",
      queries: [
        { expr: `max(${ENGINE.replicationLag})`, legend: "standby engine" },
        { expr: `max by (dependency) (${ENGINE.projectionLag})`, legend: "{{dependency}}" },
      ],
    },
    {
      title: "Age of backups",
      description: "Database every six hours, journals every hour, configuration every day.",
      unit: "seconds",
      as: "stat",
      queries: [{ expr: `time() - max by (kind) (${ENGINE.lastBackup})`, legend: "{{kind}}" }],
    },
    {
      title: "Certificates",
      description: "Days until they end; renewal begins at 30.",
      unit: "days",
      as: "stat",
      queries: [{ expr: `(${OPERATORS.certificateExpiry} - time()) / 86400`, legend: "{{name}}" }],
    },
    {
      title: "Share of bad events",
      description: "By objective, over the last hour.",
      unit: "ratio",
      queries: ["gateway_availability", "gateway_latency", "order_success"].map((name) => ({
        expr: ratioRecord(name, "1h"),
        legend: name,
      })),
    },
  ];
}
