import type { MutableLayers, Target } from "./mutable-layers";

/** A change that someone could make somewhere, and what the check has to say about it. */
export interface Corruption {
  readonly what: string;
  readonly make: (layers: MutableLayers) => void;
  readonly layer: string;
  /** The value, in the words of the finding. */
  readonly named: string;
}

const inUserData = (what: string, given: string, instead: string, layer: string, named: string): Corruption => ({
  what,
  make: (layers) => layers.replaceInUserData(given, instead),
  layer,
  named,
});
const inField = (
  what: string,
  target: Target,
  path: string,
  value: unknown,
  layer: string,
  named: string,
): Corruption => ({
  what,
  make: (layers) => layers.set(target, path, value),
  layer,
  named,
});
const inResources = (what: string, resource: string, value: string, named: string): Corruption => ({
  what,
  make: (layers) => {
    for (const side of ["requests", "limits"]) layers.set("container", `resources > ${side} > ${resource}`, value);
  },
  layer: "engine pod",
  named,
});
const inConfiguration = (what: string, path: string, value: unknown, named: string): Corruption => ({
  what,
  make: (layers) => layers.setInEngineConfiguration(path, value),
  layer: "engine configuration",
  named,
});

const KERNEL = "kernel arguments";

/** On production: c7i.4xlarge, CPUs 0-1 reserved, 2-7 isolated, 1024 huge pages, an engine of 4 CPUs and 8 GiB. */
const OF_USER_DATA: readonly Corruption[] = [
  inUserData("isolcpus frees a CPU", "domain,2-7", "domain,3-7", KERNEL, "isolcpus isolates 3-7"),
  inUserData("isolcpus without domain", "managed_irq,domain", "managed_irq", KERNEL, "isolcpus=managed_irq,2-7"),
  inUserData("isolcpus takes CPU 0", "domain,2-7", "domain,0-7", KERNEL, "isolcpus=managed_irq,domain,0-7"),
  inUserData("isolcpus beyond the node", "domain,2-7", "domain,2-9", KERNEL, "domain,2-9, the node has 0-7"),
  inUserData("nohz_full of one CPU less", 'nohz_full = [ "2-7" ]', 'nohz_full = [ "2-6" ]', KERNEL, "nohz_full=2-6"),
  inUserData("rcu_nocbs of the system's", 'rcu_nocbs = [ "2-7" ]', 'rcu_nocbs = [ "0-1" ]', KERNEL, "rcu_nocbs=0-1"),
  inUserData("no rcu_nocbs", 'rcu_nocbs = [ "2-7" ]\n', "", KERNEL, "rcu_nocbs= is missing"),
  inUserData("interrupts on an isolated CPU", '[ "0-1" ]', '[ "0-2" ]', KERNEL, "irqaffinity=0-2"),
  inUserData("huge pages of another size", "static.2Mi]", "static.1Gi]", KERNEL, "0 huge pages of 2 MiB"),
  inUserData(
    "huge pages by the bootconfig",
    'irqaffinity = [ "0-1" ]',
    'irqaffinity = [ "0-1" ]\nhugepages = [ "1024" ]',
    KERNEL,
    "hugepages=1024 reaches the kernel in Bottlerocket's bootconfig",
  ),
  inUserData(
    "two lists of isolated CPUs",
    '[ "managed_irq,domain,2-7" ]',
    '[ "managed_irq,domain,2-7", "2" ]',
    KERNEL,
    "isolcpus=2 is a second isolcpus",
  ),
  inUserData("no huge pages", 'count = "1024"', 'count = "0"', KERNEL, "0 huge pages of 2 MiB"),
  inUserData("transparent pages for all", '"madvise"', '"always"', KERNEL, "transparent_hugepage=always"),
  inUserData(
    "fewer pages than the pod asks for",
    'count = "1024"',
    'count = "1000"',
    "engine pod",
    "the node reserves 1000",
  ),
  inUserData(
    "the kubelet reserves too many",
    'cpus = "0-1"',
    'cpus = "0-2"',
    "kubelet",
    "reservedSystemCPUs 0-2 has 2",
  ),
  inUserData(
    "the kubelet reserves too few",
    'cpus = "0-1"',
    'cpus = "0-0"',
    "kubelet",
    "reservedSystemCPUs 0-0 leaves 1",
  ),
  inUserData("memory that does not add up", '"475Mi"', '"500Mi"', "kubelet", "kubeReserved 500"),
  inUserData("no static CPU manager", '"static"', '"none"', "kubelet", "cpuManagerPolicy is none"),
  inUserData(
    "another topology",
    '"single-numa-node"',
    '"best-effort"',
    "kubelet",
    "topologyManagerPolicy is best-effort",
  ),
  inUserData("cores shared by threads", '[ "full-pcpus-only" ]', "[]", "kubelet", "full-pcpus-only is missing"),
  inUserData("an unknown setting", "reserved-cpus", "reserved-cores", "user data", "reserved-cores"),
];

const OF_NODES: readonly Corruption[] = [
  inField(
    "two threads a core",
    "template",
    "cpu_options > threads_per_core",
    2,
    "launch template",
    "cpu_options give 16 CPUs on the 8 cores",
  ),
  inField(
    "a smaller type",
    "template",
    "instance_type",
    "c7i.2xlarge",
    "launch template",
    "the 4 cores of c7i.2xlarge",
  ),
  inField(
    "a type of two sockets",
    "template",
    "instance_type",
    "c7i.48xlarge",
    "launch template",
    "c7i.48xlarge has 2 NUMA nodes",
  ),
  inField(
    "an unknown type",
    "template",
    "instance_type",
    "c9z.4xlarge",
    "launch template",
    "c9z.4xlarge is not in the catalogue",
  ),
  inField(
    "nodes outside of the group",
    "template",
    "placement",
    undefined,
    "placement group",
    "none in the launch template",
  ),
  inField("a soft taint", "group", "taint > 0 > effect", "PREFER_NO_SCHEDULE", "node group", "true:PREFER_NO_SCHEDULE"),
  inField("another label", "group", "labels > hft.platform/pool", "fast", "node group", "hft.platform/pool is fast"),
  inField("spot nodes", "group", "capacity_type", "SPOT", "node group", "capacity_type SPOT"),
  inField(
    "an image of another system",
    "group",
    "ami_type",
    "AL2023_x86_64_STANDARD",
    "node group",
    "ami_type AL2023_x86_64_STANDARD",
  ),
  inField(
    "an image of another processor",
    "group",
    "ami_type",
    "BOTTLEROCKET_ARM_64",
    "node group",
    "c7i.4xlarge, which is x86_64",
  ),
  inField("nodes in two zones", "group", "subnet_ids", ["subnet-a", "subnet-b"], "node group", "2 subnets"),
  inField("nodes spread apart", "placement", "strategy", "spread", "placement group", "strategy spread"),
  inField(
    "another type reserved",
    "reservation",
    "instance_type",
    "c7i.2xlarge",
    "capacity reservation",
    "instance_type c7i.2xlarge",
  ),
  inField(
    "too little reserved",
    "reservation",
    "instance_count",
    1,
    "capacity reservation",
    "instance_count 1 for 2 nodes",
  ),
  inField(
    "reserved elsewhere",
    "reservation",
    "placement_group_arn",
    undefined,
    "capacity reservation",
    "no placement group",
  ),
];

const OF_PODS: readonly Corruption[] = [
  inResources("part of a CPU", "cpu", "3500m", "requests cpu 3500m"),
  inResources("more CPUs than are isolated", "cpu", "6", "requests 6 CPUs, 6 are isolated"),
  inResources("more memory than there is", "memory", "40Gi", "asks for 43008 MiB"),
  inResources("pages that nobody uses", "hugepages-2Mi", "1Gi", "requests 512 huge pages, the node reserves 1024"),
  inField(
    "a limit above the request",
    "container",
    "resources > limits > memory",
    "16Gi",
    "engine pod",
    "memory 8Gi and is limited to 16Gi",
  ),
  inField(
    "no limit",
    "container",
    "resources > limits > cpu",
    undefined,
    "engine pod",
    "cpu 4 and is limited to nothing",
  ),
  inField(
    "pages without consumer",
    "pod",
    "metadata > annotations > hft.platform/hugepage-consumers",
    "books=1000",
    "engine pod",
    "consumers of 1000 huge pages",
  ),
  inField(
    "an engine that asks for no pages",
    "container",
    "resources",
    { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "4", memory: "8Gi" } },
    "engine pod",
    "no workload requests hugepages-2Mi",
  ),
  inField("no toleration", "pod", "spec > tolerations", [], "engine pod", "does not tolerate hft.platform/low-latency"),
  inField(
    "another pool",
    "pod",
    "spec > nodeSelector",
    { "hft.platform/pool": "general" },
    "engine pod",
    "does not select the lane's nodes",
  ),
  inField("no hugetlbfs", "pod", "spec > volumes", [], "engine pod", "no volume of medium HugePages-2Mi"),
  inField("an allocator of small pages", "container", "env", [], "engine pod", "sets no GLIBC_TUNABLES"),
  inField("more engines than nodes", "statefulSet", "spec > replicas", 3, "engine pod", "3 replicas on 2 nodes"),
  inConfiguration("a thread on a CPU that is not there", "threads > gateway", 4, "threads.gateway is 4"),
  inConfiguration(
    "the journal beside matching",
    "threads > journal",
    0,
    "matching 0 is not alone on its CPU (journal 0",
  ),
  inConfiguration("an engine that knows of fewer pages", "memory > hugepages2Mi", 512, "memory.hugepages2Mi is 512"),
  inConfiguration("an engine that wants small pages", "memory > hugepages", "off", 'memory.hugepages is "off"'),
  {
    what: "an agent that needs more than engines leave",
    make: ({ layers }) => layers.objects.push(agent({ cpu: "1500m", memory: "256Mi" })),
    layer: "other pods",
    named: "DaemonSet/monitoring/agent",
  },
  {
    what: "an agent that gets an isolated CPU",
    make: ({ layers }) => layers.objects.push(agent({ cpu: "1", memory: "64Mi" }, { cpu: "1", memory: "64Mi" })),
    layer: "other pods",
    named: "DaemonSet/monitoring/agent is Guaranteed in whole CPUs",
  },
];

function agent(requests: object, limits = {}) {
  const containers = [{ name: "agent", resources: { requests, limits } }];
  const spec = { tolerations: [{ operator: "Exists" }], containers };
  return { kind: "DaemonSet", metadata: { name: "agent", namespace: "monitoring" }, spec: { template: { spec } } };
}

export const CORRUPTIONS: readonly Corruption[] = [...OF_USER_DATA, ...OF_NODES, ...OF_PODS];
